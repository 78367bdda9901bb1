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
 * Every table of the catalog and of the engine that has a rule, by lower-case name. A map, because
 * names come from outside and an object answers to names of its own.
 */
export type TableRules = ReadonlyMap<string, TableRule>

export type Parameter = null | boolean | number | bigint | string

export interface Statement {
  readonly [judged]: true
  /** As the source runs it: what was asked, with closed columns closed where the text must do that. */
  readonly text: string
  /** Values for its placeholders, in the order of their numbers. */
  readonly parameters: readonly Parameter[]
  /** What the engine is told to enforce; its driver knows the shape that its guard writes. */
  readonly terms: unknown
  /** The catalog it was judged against (`Catalog.version`). */
  readonly catalogVersion: string
}
