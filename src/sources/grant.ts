import type { Catalog, Table } from './catalog.ts'

/** Whom to let in, and to what: for engines that have roles. */
export interface Grant {
  readonly role: string
  /** Everything the database has. */
  readonly whole: Catalog
  /** What the config shows of it. */
  readonly shown: Catalog
  /** The longest that a statement of the role may take, in milliseconds. */
  readonly timeoutMs: number
}

/** A table that is shown, and the columns that may be read of it. */
export interface GrantedTable {
  readonly table: Table
  readonly columns: readonly string[]
  /** True where these are not all: then they are granted one by one. */
  readonly isPart: boolean
}

/** Tables with at least one column to read. */
export function grantedTables({ whole, shown }: Grant): GrantedTable[] {
  const counts = new Map(whole.tables.map(({ name, columns }) => [name, columns.length]))
  return shown.tables
    .map((table) => {
      const open = table.columns.filter(({ masked }) => masked !== true)
      const columns = open.map(({ name }) => name)
      return { table, columns, isPart: columns.length < (counts.get(table.name) ?? 0) }
    })
    .filter(({ columns }) => columns.length > 0)
}
