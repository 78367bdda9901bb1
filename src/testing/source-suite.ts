import type { OnProgress } from '../base/progress.ts'
import type { Guard } from '../guard/guard.ts'
import type { Limits, RowSet, Source } from '../sources/source.ts'
import type { Visibility } from '../guard/visibility.ts'
import { runStatement } from '../tools/query/run-statement.ts'

/** A source over a database of its own, and a look at that database from outside. */
export interface SourceUnderTest {
  readonly source: Source
  readonly guard: Guard
  /** Everything in the database that could have changed, as one text; read past the source. */
  state(): Promise<string>
}

/** Statements in the dialect's own words. */
export interface SuiteWords {
  /** Runs until it is stopped. */
  readonly endless: string
  /** As many rows of one column; shall be able to give 100,000. */
  rows(count: number): string
  /** One text of as many letters. */
  text(letters: number): string
  /** The three bytes 00 ff 10. */
  readonly bytes: string
  /** 12345678901234567890.5 as an exact decimal, or as a text where the engine has no such type. */
  readonly decimal: string
  /** Further statements that must have no effect, beyond the standard ones of the suite. */
  readonly hostile: readonly string[]
  /** The engine's plan of `SELECT * FROM orders`. */
  readonly explain: string
}

/** What the author of a driver hands to `testSource`. */
export interface SourceSuite {
  readonly title: string
  readonly words: SuiteWords
  /** Makes a new database out of the statements and opens a source; both go when `whenDone` says so. */
  readonly open: (
    setup: readonly string[],
    visibility: Visibility,
    whenDone: WhenDone,
  ) => Promise<SourceUnderTest>
}

/** Takes what undoes something, and calls it when that is no longer needed; the last one first. */
export type WhenDone = (undo: () => void | Promise<void>) => void

const suiteLimits: Limits = {
  timeoutMs: 10_000,
  rows: 500,
  cellBytes: 4096,
  answerBytes: 40_000,
}

export interface Asking {
  readonly limits?: Partial<Limits>
  readonly signal?: AbortSignal
  readonly onProgress?: OnProgress
}

/** One statement through guard and source, as a tool runs it. */
export const ask = (
  { source, guard }: SourceUnderTest,
  text: string,
  { limits = {}, signal = new AbortController().signal, onProgress }: Asking = {},
): Promise<RowSet> =>
  runStatement(
    { source, guard, limits: { ...suiteLimits, ...limits }, identity: {}, mostCost: undefined },
    { text, rows: limits.rows ?? suiteLimits.rows },
    { signal, onProgress },
  )

/** Its rows, or the code of the error it ends with. */
export const outcome = (
  tested: SourceUnderTest,
  text: string,
  asking: Asking = {},
): Promise<unknown> =>
  ask(tested, text, asking).then(
    ({ rows }) => rows,
    (error: { code?: string; message: string }) => error.code ?? error.message,
  )
