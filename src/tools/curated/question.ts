import type { DeclaredParameters } from '../parameters.ts'

/** A statement that somebody has written down, for others to call by a name. */
export interface Question {
  readonly name: string
  readonly title: string | undefined
  readonly description: string
  readonly parameters: DeclaredParameters
  /** One statement; values are `:name`. */
  readonly sql: string
  /** Names of columns → what they mean. */
  readonly columns: Readonly<Record<string, string>>
  /** The most rows; undefined for those of the source. */
  readonly rows: number | undefined
  /** Milliseconds for which an answer is given again; 0 for never. */
  readonly cacheMs: number
}
