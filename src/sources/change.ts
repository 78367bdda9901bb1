/** The contract of what writes: apart from sources, which only read, on connections of its own. */
import type { Finding, Limits, RowSet } from './source.ts'
import type { Parameter } from './statement.ts'

/** Not exported: outside `guard/` nobody can write a value of this type. */
declare const judged: unique symbol

/** One INSERT, UPDATE or DELETE that somebody wrote into the config. No source runs it. */
export interface Change {
  readonly [judged]: true
  /** As the engine takes it. */
  readonly text: string
  /** Values for its placeholders, in the order of their numbers. */
  readonly parameters: readonly Parameter[]
  /** The table that it changes, in the parts it is written in. */
  readonly table: readonly string[]
}

export interface ChangeRun {
  readonly limits: Limits
  /** Rows that may change; where it would be more, none does. */
  readonly most: number
  /** Until it is committed it is undone when this comes. */
  readonly signal: AbortSignal
  /** Settings of the session that say who asks; only where the source takes them. */
  readonly identity: Readonly<Record<string, string>>
}

export interface Changed {
  /** As the engine counts; not what triggers and foreign keys change besides. */
  readonly affected: number
  /** What RETURNING gives; undefined where there is none. */
  readonly returned: RowSet | undefined
}

export interface Writer {
  /**
   * Runs it in a transaction of its own, once.
   * @throws AppError `change_too_large` and all others: nothing was changed; `outcome_unknown`: the connection
   *   was lost while it was committed
   */
  change(change: Change, run: ChangeRun): Promise<Changed>
  /** Has the engine prepare it, and changes nothing. */
  prepare(change: Change, signal: AbortSignal): Promise<void>
  examine(signal: AbortSignal): Promise<readonly Finding[]>
  close(): Promise<void>
}
