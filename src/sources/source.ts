/**
 * The contract of a source: the one page a driver author reads.
 *
 * A source is a configured place rows come from. It runs statements that the guard has judged and
 * nothing else, stops them when told, and never hands out more than the limits allow.
 */
import type { OnProgress } from '../base/progress.ts'
import type { Advice } from './advice.ts'
import type { Catalog } from './catalog.ts'
import type { Grant } from './grant.ts'
import type { Statement } from './statement.ts'

export type Dialect = 'sqlite' | 'postgres' | 'duckdb' | 'mysql'

/** How each is called in a sentence. */
export const dialectTitles: Readonly<Record<Dialect, string>> = {
  sqlite: 'SQLite',
  postgres: 'PostgreSQL',
  duckdb: 'DuckDB',
  mysql: 'MySQL',
}

/** What differs between engines, as named facts; shared code asks these and never the dialect. */
export interface Capabilities {
  /** The character that quotes an identifier; doubled to escape itself. */
  readonly identifierQuote: '"' | '`'
  /** A name with capitals is another one unless it stands in quotes. */
  readonly foldsNames: boolean
  /** Words that are no names unless quoted, lower case. */
  readonly reservedWords: ReadonlySet<string>
  /** Rows may be told apart by who asks: `Run.identity` is set in the session. */
  readonly takesIdentity: boolean
}

/** What one call may cost. Every source enforces all of them while reading. */
export interface Limits {
  /** Milliseconds from the start of the statement to its end. */
  readonly timeoutMs: number
  /** Rows handed out. */
  readonly rows: number
  /** Bytes of one cell; a longer text or blob comes back cut, with its full length. */
  readonly cellBytes: number
  /** Bytes of all cells together. */
  readonly answerBytes: number
}

/** How a statement is to be run. */
export interface Run {
  readonly limits: Limits
  /** The client's cancel, a closed stream, a shutdown: ends the statement in the engine too. */
  readonly signal: AbortSignal
  /** Settings of the session that say who asks, such as `app.user`; only where `takesIdentity`. */
  readonly identity?: Readonly<Record<string, string>>
  /** The engine prepares the statement and does not run it: the answer has its columns and no rows. */
  readonly prepareOnly?: boolean
  /** Called when the statement begins to run, having waited for its turn, and from time to time while it runs. */
  readonly onProgress?: OnProgress | undefined
}

/** A text or blob that was longer than `cellBytes`: its beginning, and how long it was. */
export interface CutValue {
  readonly cut: string | Uint8Array
  /** Length of the whole value, in UTF-8 bytes. */
  readonly bytes: number
}

/** A cell, lossless: 64-bit integers beyond 2^53 are bigint, blobs are bytes, all else is text. */
export type Value = null | boolean | number | bigint | string | Uint8Array | CutValue

export interface ResultColumn {
  readonly name: string
  /** What the values are: `integer`, `text`, `integer|text` where they differ, `null` where all are. */
  readonly type: string
}

/** Which cap ended the reading. `cell` cuts values and reads on; the others end it. */
export type Cap = 'rows' | 'bytes' | 'cell'

export interface RowSet {
  readonly columns: readonly ResultColumn[]
  readonly rows: readonly (readonly Value[])[]
  readonly caps: readonly Cap[]
  /** Columns that came back as NULL because the config masks them, as `table.column`. */
  readonly masked: readonly string[]
}

/** What an engine expects of a statement before it runs, in units of its own. */
export interface Estimate {
  readonly cost: number
  readonly rows: number
  /** The step of the plan that costs most, in the engine's words. */
  readonly step: string
}

/** Something `vitrine doctor` should tell a person about this source. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'problem'
  readonly message: string
  /** What to do about it; absent where nothing needs doing. */
  readonly remedy?: string
}

export interface Source {
  readonly name: string
  readonly dialect: Dialect
  readonly capabilities: Capabilities
  /** How other dialects' words are said in this one, for hints. */
  readonly advice: Advice
  /**
   * Tables and columns. Held in memory, the same object while nothing changed, and read again when they may
   * have changed.
   */
  catalog(signal: AbortSignal): Promise<Catalog>
  /**
   * Called where a statement named what the catalog does not have. A source that does not notice
   * changes by itself reads one that is older than this anew; true where it will, and asking again may help.
   */
  refresh(olderThanMs: number): boolean
  /** Called where the catalog is known to be wrong: whoever asks next has it read anew. */
  forget(): void
  /**
   * Runs one statement.
   * @throws AppError `schema_changed` when the statement was judged against another catalog.
   */
  query(statement: Statement, run: Run): Promise<RowSet>
  /**
   * There where the engine plans by cost: asks for the plan and runs nothing. Undefined for a statement
   * that has none.
   */
  estimate?(statement: Statement, run: Run): Promise<Estimate | undefined>
  /** What can be said of its safety and health, for `vitrine doctor`. */
  examine(signal: AbortSignal): Promise<readonly Finding[]>
  /** There where the engine has roles: the statements that make one which reads what is shown and nothing else. */
  grantSql?(grant: Grant): readonly string[]
  close(): Promise<void>
}
