/** What the guard must know of a PostgreSQL database beyond its tables: code that a statement can set off. */

/** As in pg_proc.provolatile: immutable, stable, volatile. */
export type Volatility = 'i' | 's' | 'v'

export interface UserFunction {
  readonly schema: string
  readonly name: string
  /** The extension it belongs to, or null where somebody wrote it for this database. */
  readonly extension: string | null
  readonly volatility: Volatility
  /** It came with a type that somebody made, as the constructor of a range: PostgreSQL's own code. */
  readonly isConstructor: boolean
  /** Its text, where a call runs that and nothing else. */
  readonly body: string | undefined
  /** Numbers of the types of ours that it takes and gives. */
  readonly types: readonly string[]
}

/** Code that is run where nobody names it: by an operator, a cast, a comparison. */
export interface UserCode {
  /** `schema.name` of the function. */
  readonly function: string
  /** Numbers of the types of ours that it takes: empty where it takes the server's own alone. */
  readonly types: readonly string[]
}

export interface UserComparer extends UserCode {
  /** The type of the server whose values it compares. */
  readonly type: string | undefined
  /** Functions of the server and others that give such values. */
  readonly makers: readonly string[]
}

interface UserOperator extends UserCode {
  readonly schema: string
  readonly name: string
}

export interface UserCast extends UserCode {
  /** Number of the type it gives, and its name without schema. */
  readonly to: string
  readonly toName: string
  /** It is made where nobody writes it. */
  readonly isImplicit: boolean
}

/** A type that did not come with the server, or is made of one. */
export interface UserType {
  readonly schema: string
  readonly name: string
  /** As a cast writes it. */
  readonly written: string
  /** The same of what a domain is made from; undefined for other types. */
  readonly writtenBase: string | undefined
  /** Numbers of the types it is made of: a domain's base, an array's element, a row's columns, a range's bound. */
  readonly parts: readonly string[]
  /** The expressions a domain checks. */
  readonly checks: readonly string[]
}

/** A relation by its number, and a text that changes with it. */
interface RelationState {
  readonly oid: string
  readonly state: string
}

/** What must be as it was for a judgement to hold. */
export interface JudgedBy {
  /** Changes with the code that did not come with the server. */
  readonly code: string
  /** All that the statement reads, behind views too. */
  readonly relations: readonly RelationState[]
  /** Names as PostgreSQL reads them, and the relations they mean. */
  readonly names: readonly { readonly written: string; readonly oid: string }[]
}

export interface PostgresFacts {
  /** Changes with the code that did not come with the server. */
  readonly codeState: string
  /** Name of a table → its number, and a text that changes with it. */
  readonly stateOf: ReadonlyMap<string, RelationState>
  /** What the database is called. */
  readonly database: string
  /** Its characters are of one byte, so that it reads names as no other does. */
  readonly hasByteNames: boolean
  /** Settings of the server's modules, in lower case: `pg_trgm.similarity_threshold`. */
  readonly moduleSettings: ReadonlySet<string>
  /** Name of a table as in the catalog → its schema, for those called without it. */
  readonly schemaOf: ReadonlyMap<string, string>
  /** Name of a foreign table → the wrapper that brings its rows, such as `postgres_fdw`. */
  readonly wrapperOf: ReadonlyMap<string, string>
  /** Name of a table → those whose rows it gives as well: partitions and children. */
  readonly childrenOf: ReadonlyMap<string, readonly string[]>
  /** Name of a table → its generated columns with their expressions. */
  readonly generated: ReadonlyMap<string, ReadonlyMap<string, string>>
  /** Name of a table → its columns of types of ours, with the types' numbers. */
  readonly columnTypes: ReadonlyMap<string, ReadonlyMap<string, string>>
  /** `schema.name` of every sequence. */
  readonly sequences: ReadonlySet<string>
  /** Types of ours by number. */
  readonly types: ReadonlyMap<string, UserType>
  /** Schemas in which a name is looked up after pg_catalog, in order; those that exist. */
  readonly searchPath: readonly string[]
  /** Functions of pg_catalog → how volatile the most volatile one of that name is. */
  readonly builtins: ReadonlyMap<string, Volatility>
  /** Functions and aggregates that did not come with the server. */
  readonly functions: readonly UserFunction[]
  /** Operators that did not come with the server. */
  readonly operators: readonly UserOperator[]
  /** Casts that somebody created, with a function. */
  readonly casts: readonly UserCast[]
  /** What sorts and compares values where nobody names it: the support functions of operator classes. */
  readonly comparers: readonly UserComparer[]
  /** Name of a table → expressions of its indexes and checks, of which planning computes what is constant. */
  readonly planned: ReadonlyMap<string, readonly string[]>
  /** Name of a table → `schema.name` of functions that its indexes are searched by. */
  readonly searchers: ReadonlyMap<string, readonly string[]>
  /** Row-level security: name of the table as in the catalog → the expressions that read it. */
  readonly policies: ReadonlyMap<string, readonly string[]>
}

/** What the guard says of one statement to the driver. */
export interface PostgresTerms {
  /** Set for the statement, so that its names mean what they meant to the guard. */
  readonly searchPath: readonly string[]
  /** It is a query, and so has a plan of its own. */
  readonly hasPlan: boolean
  /** What is compared before it runs; undefined for a text that nobody judged. */
  readonly judgedBy: JudgedBy | undefined
  /** Columns it may have touched that read as NULL, as `table.column`. */
  readonly masked: readonly string[]
}
