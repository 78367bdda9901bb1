/** What the guard lets through, and the only thing a source runs. */

/** Not exported: outside `guard/` nobody can write a value of this type. */
declare const judged: unique symbol

export type ColumnRule = 'mask' | 'hide'

/** What may be read of one table. Names are lower case. */
export interface TableRule {
  /** Columns that read as NULL; every other column is open. */
  readonly closedColumns: Readonly<Record<string, ColumnRule>>
  /** A table that only its own extension may read, while it answers for the table it belongs to. */
  readonly internal: boolean
}

/** What the engine itself is told to enforce while it prepares and runs a statement. */
export interface AccessRules {
  /** By lower-case name. A table that is not here is not open. */
  readonly tables: Readonly<Record<string, TableRule>>
  /** Lower-case names of the functions a statement may call. */
  readonly functions: readonly string[]
  /** Settings it may read (SQLite: pragmas), lower case; with `argument` only for an open table. */
  readonly settings: Readonly<Record<string, 'plain' | 'argument' | 'table'>>
}

export type Parameter = null | number | bigint | string

export interface Statement {
  readonly [judged]: true
  readonly text: string
  /** Values for `:name` placeholders. */
  readonly parameters: Readonly<Record<string, Parameter>>
  /** Lower-case identifiers that the text itself names. */
  readonly mentions: readonly string[]
  readonly rules: AccessRules
  /** The catalog it was judged against (`Catalog.version`). */
  readonly catalogVersion: string
}
