/** What a judged tree uses: views and macros among it have bodies that are judged next. */
export interface Uses {
  /** Keys of the tables, as the rules have them. */
  readonly tables: Set<string>
  /** Keys of the macros of the database that may be meant. */
  readonly macros: Set<string>
  /** Folded names of columns, as far as they are written down. */
  readonly columns: Set<string>
  /** True where columns are meant that are not named: by a star, a place, or a name given here. */
  star: boolean
  /** Folded names that tables go by here. */
  readonly tableNames: Set<string>
  /** Folded names that stand for a whole row where a table goes by them. */
  readonly rowNames: Set<string>
  /** Data files named by their paths, and the tables that they are shown as. */
  readonly files: Map<string, string>
  /** Names of placeholders. */
  readonly parameters: Set<string>
}

export const noUses = (): Uses => ({
  tables: new Set(),
  macros: new Set(),
  columns: new Set(),
  star: false,
  tableNames: new Set(),
  rowNames: new Set(),
  files: new Map(),
  parameters: new Set(),
})

/** Whether columns may be read that are not named: by a star, a place, or a row as a whole. */
export const namesAllColumns = ({ star, rowNames, tableNames }: Uses): boolean =>
  star || [...rowNames].some((name) => name !== '' && tableNames.has(name))
