/** What the guard lets through, and the only thing a source runs. */

/** Not exported: outside `guard/` nobody can write a value of this type. */
declare const judged: unique symbol

export type ColumnRule = 'mask' | 'hide'

/**
 * What may be read of one table.
 * `internal`: only its own extension reads it, while it answers for the table it belongs to.
 */
export interface TableRule {
  readonly access: 'open' | 'closed' | 'internal'
  /** Columns that read as NULL, by lower-case name; every other column is open. */
  readonly closedColumns: ReadonlyMap<string, ColumnRule>
}

/**
 * What the engine itself is told to enforce while it prepares and runs a statement. Maps and sets,
 * because names come from outside and an object answers to names of its own.
 */
export interface AccessRules {
  /** Every table of the catalog and of the engine that has a rule, by lower-case name. */
  readonly tables: ReadonlyMap<string, TableRule>
  /** Lower-case names of the views that may read closed tables on behalf of whoever asks them. */
  readonly views: ReadonlySet<string>
  /** Lower-case names of the functions a statement may call. */
  readonly functions: ReadonlySet<string>
  /** Settings it may read (SQLite: pragmas), lower case: without an argument, or for an open table. */
  readonly settings: ReadonlyMap<string, 'plain' | 'any' | 'table'>
}

export type Parameter = null | number | bigint | string

export interface Statement {
  readonly [judged]: true
  readonly text: string
  /** Values for `:name` placeholders. */
  readonly parameters: Readonly<Record<string, Parameter>>
  /** Every name the text uses, in quotes or not, in lower case. */
  readonly names: readonly string[]
  /** Those of them that stand where a table may stand. */
  readonly tableNames: readonly string[]
  /** Lower-case names of its common table expressions. */
  readonly commonTables: readonly string[]
  readonly rules: AccessRules
  /** The catalog it was judged against (`Catalog.version`). */
  readonly catalogVersion: string
}
