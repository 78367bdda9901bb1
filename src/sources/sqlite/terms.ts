import type { TableRules } from '../statement.ts'

/** What SQLite itself is told to enforce while it prepares and runs a statement. */
export interface AccessRules {
  readonly tables: TableRules
  /**
   * Lower-case names of the views that may read closed tables on behalf of whoever asks them, and of
   * the common table expressions in their definitions.
   */
  readonly views: ReadonlySet<string>
  /** Lower-case names of the common table expressions in the definition of any view. */
  readonly commonTables: ReadonlySet<string>
  /** Lower-case names of the functions a statement may call. */
  readonly functions: ReadonlySet<string>
  /** Pragmas it may read, lower case: without an argument, with any, or for the tables named. */
  readonly settings: ReadonlyMap<string, 'plain' | 'any' | ReadonlySet<string>>
}

/** What the guard's SQLite side says of one statement. */
export interface SqliteTerms {
  /** Lower-case names in the text that stand where a table may stand, and may mean a real one. */
  readonly tableNames: ReadonlySet<string>
  /** Lower-case names of its common table expressions. */
  readonly commonTables: ReadonlySet<string>
  /** `table.column` of the hidden columns it names. */
  readonly hidden: ReadonlySet<string>
  readonly rules: AccessRules
}

/** What the guard must know of a file beyond its tables (`Catalog.facts`). */
export interface SqliteFacts {
  /** Lower-case names of the modules that answer as tables without being made (PRAGMA module_list). */
  readonly modules: readonly string[]
  readonly triggers: readonly { readonly table: string; readonly sql: string }[]
}

/** Names that SQLite keeps for its own tables, which answer without being made. */
export const isEngineTable = (name: string): boolean => /^(?:sqlite|pragma)_/.test(name)
