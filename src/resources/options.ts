/** What the config says of resources, in normal form. */
interface Described {
  readonly name: string
  readonly title: string | undefined
  readonly description: string | undefined
}

/** Files of a folder, or one file. */
export interface FilesOptions extends Described {
  readonly kind: 'files'
  /** Absolute path. */
  readonly folder: string
  /** The one file of it that is meant; those that `include` matches where undefined. */
  readonly file: string | undefined
  /** Patterns of paths below the folder. */
  readonly include: readonly string[]
  /** Closed to whom that source is closed. */
  readonly source: string | undefined
  /** Bytes of one file. */
  readonly mostBytes: number
}

/** The rows of a table, each by its key. */
export interface RowsOptions extends Described {
  readonly kind: 'rows'
  readonly source: string
  readonly table: string
  /** Columns that tell one row from all others. */
  readonly key: readonly string[]
}

/** The answers of a tool, by its arguments. */
export interface AnswersOptions extends Described {
  readonly kind: 'answers'
  readonly tool: string
}

export type ResourceOptions = FilesOptions | RowsOptions | AnswersOptions
