import type { TableRules } from '../statement.ts'

/**
 * What a worker enforces on the syntax tree of a statement, before DuckDB binds anything of it: a
 * statement that is only prepared may already create a folder. What is not named here is refused.
 */
export interface ReadRules {
  /** By folded name: `orders`, or `sales.orders` outside of the schema `main`. */
  readonly tables: TableRules
  /** Views of DuckDB itself, by folded name behind their schema: `information_schema.columns`. */
  readonly systemTables: ReadonlySet<string>
  /** Folded names of the functions, operators, aggregates and built-in macros that may be called. */
  readonly functions: ReadonlySet<string>
  /** Those that exist and are refused; what is in neither is not known at all. */
  readonly refusedFunctions: ReadonlySet<string>
  /**
   * The same as `functions` for functions in FROM. `table`: the first argument is the name of a table,
   * as text; `catalog`: the same, looked up where only tables and views are; `file`: a data file that is shown as a table, or a list of them.
   */
  readonly tableFunctions: ReadonlyMap<string, 'plain' | 'table' | 'catalog' | 'file'>
  /** Settings that current_setting() may tell, folded. */
  readonly settings: ReadonlySet<string>
  /** What SHOW may list. */
  readonly listings: ReadonlySet<string>
  /** The kinds of nodes a tree may have, and the parts of each. */
  readonly shapes: ReadonlyMap<string, ReadonlySet<string>>
}

/** What the guard's DuckDB side says of one statement. */
export interface DuckdbTerms {
  readonly rules: ReadRules
}
