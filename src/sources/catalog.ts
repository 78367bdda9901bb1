/** Tables and columns as plain data, the same for every engine. */

export interface Column {
  readonly name: string
  /** As declared, lower case; empty where the engine lets it be left out. */
  readonly type: string
  readonly nullable: boolean
  /** Position in the primary key from 1, or 0. */
  readonly keyPosition: number
  /** True where the column is computed from others of its row. */
  readonly generated: boolean
  /** What people noted of it in the database. */
  readonly comment?: string
  /** The words its type allows, where it lists them. */
  readonly values?: readonly string[]
  /** True where it reads as NULL; said by the guard, not by the engine. */
  readonly masked?: boolean
}

export interface ForeignKey {
  readonly columns: readonly string[]
  readonly table: string
  /** Columns of the other table; its primary key where the engine leaves them out. */
  readonly references: readonly string[]
}

export interface Index {
  readonly columns: readonly string[]
  readonly unique: boolean
}

export interface Table {
  /** As a statement and the config call it: alone, or behind its schema and a dot where it needs one. */
  readonly name: string
  /** The parts of a name that has several, for quoting. */
  readonly path?: readonly string[]
  /**
   * `materialized`: a view with rows of its own; `foreign`: rows come from another server;
   * `virtual`: from an extension, for example a full-text index; `shadow`: where such an extension
   * keeps them.
   */
  readonly kind: 'table' | 'view' | 'materialized' | 'foreign' | 'virtual' | 'shadow'
  /** What people noted of it in the database. */
  readonly comment?: string
  readonly columns: readonly Column[]
  readonly foreignKeys: readonly ForeignKey[]
  readonly indexes: readonly Index[]
  /** An estimate, never counted row by row; null where the engine has none. */
  readonly estimatedRows: number | null
  /** The statement that made it, where the engine keeps one. */
  readonly definition: string | null
}

export interface Catalog {
  /** Changes whenever tables or columns do. */
  readonly version: string
  /** Product and version, as people say it: `SQLite 3.53.0`. */
  readonly engine: string
  readonly tables: readonly Table[]
  /** What the guard of the dialect must know beyond that; its driver writes the shape it reads. */
  readonly facts?: unknown
}
