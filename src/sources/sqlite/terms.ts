import type { TableRules } from '../statement.ts'

/** What SQLite itself is told to enforce while it prepares and runs a statement. */
export interface AccessRules {
  readonly tables: TableRules
  /** Lower-case names of the views that may read closed tables on behalf of whoever asks them. */
  readonly views: ReadonlySet<string>
  /** Lower-case names of the functions a statement may call. */
  readonly functions: ReadonlySet<string>
  /** Pragmas it may read, lower case: without an argument, or for an open table. */
  readonly settings: ReadonlyMap<string, 'plain' | 'any' | 'table'>
}

/** What the guard's SQLite side says of one statement. */
export interface SqliteTerms {
  /** Every name the text uses, in quotes or not, in lower case. */
  readonly names: readonly string[]
  /** Those of them that stand where a table may stand. */
  readonly tableNames: readonly string[]
  /** Lower-case names of its common table expressions. */
  readonly commonTables: readonly string[]
  readonly rules: AccessRules
}
