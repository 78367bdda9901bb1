/** What is known of data files once they were looked into: enough to show them as tables at once. */

export interface DataFile {
  /** The table it is shown as. */
  readonly table: string
  /** Relative to the folder, with `/`. */
  readonly file: string
  /** Size and time of the last change. */
  readonly stamp: string
  /** The query that reads it; undefined where it cannot be read. */
  readonly select: string | undefined
  /** Why it cannot be read, for a person. */
  readonly flaw: string | undefined
  /** What a person should know of how it is read. */
  readonly note: string | undefined
  readonly rows: number | null
}

export interface Layout {
  /** Changes whenever a file comes, goes or changes. */
  readonly version: string
  readonly files: readonly DataFile[]
}
