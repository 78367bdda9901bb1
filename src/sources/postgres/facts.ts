/** What the guard must know of a PostgreSQL database beyond its tables: code that a statement can set off. */

/** As in pg_proc.provolatile: immutable, stable, volatile. */
export type Volatility = 'i' | 's' | 'v'

export interface UserFunction {
  readonly schema: string
  readonly name: string
  /** The extension it belongs to, or null where somebody wrote it for this database. */
  readonly extension: string | null
  readonly volatility: Volatility
  /** It takes one row, so that `alias.name` calls it as well. */
  readonly takesRow: boolean
}

export interface UserOperator {
  readonly name: string
  /** `schema.name` of what it calls. */
  readonly function: string
}

export interface UserCast {
  /** Names of types without their schema. */
  readonly from: string
  readonly to: string
  readonly function: string
}

export interface PostgresFacts {
  /** Name of a table as in the catalog → its schema, for those called without it. */
  readonly schemaOf: ReadonlyMap<string, string>
  /** Name of a foreign table → the wrapper that brings its rows, such as `postgres_fdw`. */
  readonly wrapperOf: ReadonlyMap<string, string>
  /** Composite types, by name without schema → the types of their parts, written as in a cast. */
  readonly composites: ReadonlyMap<string, readonly string[]>
  /** Schemas in which a name is looked up after pg_catalog, in order; those that exist. */
  readonly searchPath: readonly string[]
  /** Functions of pg_catalog → how volatile the most volatile one of that name is. */
  readonly builtins: ReadonlyMap<string, Volatility>
  /** Functions and aggregates outside pg_catalog and information_schema. */
  readonly functions: readonly UserFunction[]
  /** Operators outside pg_catalog. */
  readonly operators: readonly UserOperator[]
  /** Casts that somebody created, with a function. */
  readonly casts: readonly UserCast[]
  /** Domains with the expressions that they and the domains below them check, by name without schema. */
  readonly domains: ReadonlyMap<string, readonly string[]>
  /** Row-level security: name of the table as in the catalog → the expressions that read it. */
  readonly policies: ReadonlyMap<string, readonly string[]>
}

/** What the guard says of one statement to the driver. */
export interface PostgresTerms {
  /** Set for the statement, so that its names mean what they meant to the guard. */
  readonly searchPath: readonly string[]
  /** It is a query, and so has a plan of its own. */
  readonly hasPlan: boolean
  /** Columns it may have touched that read as NULL, as `table.column`. */
  readonly masked: readonly string[]
}
