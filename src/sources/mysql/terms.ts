/** What the guard's MySQL side says of one statement. */
export interface MysqlTerms {
  /** `select`: the server must announce columns when it prepares it, or it is no read. */
  readonly kind: 'select' | 'other'
  /** `table.column` of every masked column it can have touched. */
  readonly masked: readonly string[]
}

/** `Catalog.facts`: what the guard needs to know of MySQL beyond tables and columns. */
export interface MysqlFacts {
  readonly product: 'MariaDB' | 'MySQL'
  /** The database that names without one belong to; undefined where the source has none. */
  readonly database: string | undefined
  /** Table names that differ in capitals only are one name (`lower_case_table_names`). */
  readonly foldsTableNames: boolean
  /** Names of stored functions and loaded ones, of every database, lower case. */
  readonly routines: ReadonlySet<string>
  /** Every view the source may see, of every database, under its full name. */
  readonly views: readonly ViewText[]
  /** Expressions behind columns: what a generated one is computed from, and defaults. */
  readonly expressions: readonly ColumnExpression[]
}

export interface ViewText {
  readonly schema: string
  readonly name: string
  /** As the server wrote it, every name in back-ticks; empty where this user may not see it. */
  readonly text: string
}

export interface ColumnExpression {
  /** As in `Table.name`. */
  readonly table: string
  readonly column: string
  readonly kind: 'generated' | 'default'
  readonly text: string
}
