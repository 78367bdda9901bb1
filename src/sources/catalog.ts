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
  readonly name: string
  /**
   * `virtual`: rows come from an extension, for example a full-text index; `shadow`: where such an
   * extension keeps them.
   */
  readonly kind: 'table' | 'view' | 'virtual' | 'shadow'
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
  readonly tables: readonly Table[]
}
