import type { Connection, Submittable } from 'pg'
import { AppError } from '../../base/error.ts'
import type { OnProgress } from '../../base/progress.ts'
import { RowCollector } from '../row-collector.ts'
import type { Limits, RowSet } from '../source.ts'
import type { Bound } from './bound.ts'
import { divisionByZero } from './judged-by.ts'
import { askLeft, type Left, leaveSql } from './reset-sql.ts'
import type { TypeNames } from './type-names.ts'
import { readerOf } from './values.ts'
import type { Field, TransactionStatus, Wire } from './wire.ts'

export interface ReadingOptions {
  /** Our own statements, run before it in the same round trip. */
  readonly preamble: readonly Bound[]
  /** Run where the statement's tables are locked; a failure says that they have changed. */
  readonly check: Bound | undefined
  readonly statement: Bound
  readonly limits: Limits
  readonly masked: readonly string[]
  readonly types: TypeNames
  /** Names of statements that the connection keeps; undefined where it keeps none. */
  readonly kept: Set<string> | undefined
  /** Ends with the description of the statement. */
  readonly prepareOnly: boolean
  readonly onProgress: OnProgress | undefined
}

const firstBatch = 100
const laterBatch = 200
/** Bytes of one row; in the whole reading eight times as many. */
const longestRow = 8_000_000

/**
 * One statement in the extended protocol, which takes no second one
 * (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY). Rows are
 * fetched in batches through the portal, until they end or a cap is reached.
 */
export class Reading implements Submittable {
  /** Settled once enough is known for an answer; the connection may be busy for longer. */
  readonly rows: Promise<RowSet>
  /** Settled once the connection has nothing more to do for it; with nothing where it is lost. */
  readonly over: Promise<Ending | undefined>
  /** What the statements of the preamble gave, row by row. */
  readonly told: (readonly (string | null)[])[] = []
  readonly #options: ReadingOptions
  /** What runs before the statement. */
  readonly #ours: readonly Bound[]
  #wire: Wire | undefined
  #settle!: { resolve(rows: RowSet): void; reject(error: unknown): void }
  #end!: (ending: Ending | undefined) => void
  #collector: RowCollector | undefined
  #readers: readonly ReturnType<typeof readerOf>[] = []
  #preambleDone = 0
  /** Rows wanted, the one that tells that there are more among them. */
  #wanted: number
  #full = false
  /** What ends the transaction is on its way, too. */
  #hasLeft = false
  /** The statement is over. */
  #isOver = false
  #left: Left | undefined
  #rowBytes = 0
  #allBytes = 0

  constructor(options: ReadingOptions) {
    const { preamble, check } = options
    this.#options = options
    this.#ours = check === undefined ? preamble : [...preamble, check]
    this.#wanted = options.limits.rows + 1
    this.rows = new Promise((resolve, reject) => (this.#settle = { resolve, reject }))
    this.over = new Promise((resolve) => (this.#end = resolve))
    // Nobody may be waiting any more.
    this.rows.catch(() => undefined)
  }

  submit(connection: Connection): void {
    const wire = connection as unknown as Wire
    const { preamble, check, statement, prepareOnly, kept } = this.#options
    this.#wire = wire
    wire.stream.cork()
    try {
      for (const part of preamble) this.#run(wire, part)
      if (check !== undefined) {
        // Parsed for the locks it takes: from here on nobody changes what it reads.
        wire.parse({ text: statement.text })
        this.#run(wire, check)
      }
      // A check that has a name has left the statement, which has none, as it was parsed.
      if (check === undefined || kept === undefined) wire.parse({ text: statement.text })
      // Prepared without values there is no plan, and nothing that planning would compute.
      if (prepareOnly) wire.describe({ type: 'S' })
      else runPortal(wire, statement.values, Math.min(this.#wanted, firstBatch))
      // All rows are asked for: whatever comes after them can be said at once, in the same round trip.
      if (kept !== undefined && this.#wanted <= firstBatch) this.#leave(wire)
      else wire.flush()
    } finally {
      wire.stream.uncork()
    }
  }

  handleRowDescription({ fields }: { readonly fields: readonly Field[] }): void {
    if (this.#isOver) return
    const { limits, types, onProgress } = this.#options
    this.#readers = fields.map(({ dataTypeID }) => readerOf(dataTypeID))
    this.#collector = new RowCollector({
      limits,
      onProgress,
      columns: fields.map(({ name, dataTypeID, dataTypeModifier }) => ({
        name,
        declared: types.nameOf(dataTypeID, dataTypeModifier),
      })),
    })
    if (this.#options.prepareOnly && this.#wire !== undefined) this.#complete(this.#wire)
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    this.#rowBytes = 0
    if (this.#isOver) this.#hearLeft(fields)
    if (this.#full) return
    if (this.#isPreamble) {
      this.told.push(fields)
      return
    }
    this.#wanted--
    const cells = fields.map((text, index) =>
      text === null ? null : (this.#readers[index]?.(text) ?? text),
    )
    if (this.#collector?.add(cells) === false) this.#answer()
  }

  handlePortalSuspended(wire: Wire): void {
    if (this.#full || this.#hasLeft) return this.#complete(wire)
    wire.execute({ rows: Math.max(1, Math.min(this.#wanted, laterBatch)) })
    wire.flush()
  }

  handleCommandComplete(_message: unknown, wire: Wire): void {
    if (this.#isOver) return
    if (this.#isPreamble) {
      const { name } = this.#ours[this.#preambleDone++] ?? {}
      if (name !== undefined) this.#options.kept?.add(name)
      return
    }
    this.#complete(wire)
  }

  handleEmptyQuery(wire: Wire): void {
    this.#complete(wire)
  }

  handleCopyInResponse(wire: Wire): void {
    wire.sendCopyFail('nothing is written here')
  }

  handleCopyData(): void {
    // Not ours to show: a statement that copies was refused long before.
  }

  /** Of the server, or of a connection that is lost. */
  handleError(error: unknown, wire: Wire): void {
    this.#settle.reject(this.#isOutdated(error) ? outdated() : error)
    // What was to end the transaction is then not read, unless it is that which failed.
    if (!this.#isOver) this.#finish(wire, () => wire.sync())
  }

  handleReadyForQuery(): void {
    // Not called after an error: `#finish` listens itself.
  }

  /** The connection is gone. */
  lose(): void {
    this.#end(undefined)
  }

  /** Counts what comes in; true where one row, or all of them, are more than memory is for. */
  isFlooded(bytes: number): boolean {
    this.#rowBytes += bytes
    this.#allBytes += bytes
    const most = longestRow + this.#options.limits.answerBytes
    if (this.#rowBytes <= most && this.#allBytes <= 8 * most) return false
    this.#settle.reject(new AppError('result_too_large', 'The rows hold values of more than 8 MB.'))
    return true
  }

  get #isPreamble(): boolean {
    return this.#preambleDone < this.#ours.length
  }

  #run(wire: Wire, { text, values, name }: Bound): void {
    const { kept } = this.#options
    const named = kept === undefined ? undefined : name
    if (named === undefined) {
      wire.parse({ text })
      wire.bind({ values })
    } else {
      if (kept?.has(named) !== true) wire.parse({ text, name: named })
      wire.bind({ statement: named, values })
    }
    wire.execute({ rows: 0 })
  }

  #isOutdated(error: unknown): boolean {
    return this.#isPreamble && (error as { code?: string }).code === divisionByZero
  }

  #answer(): void {
    if (this.#full) return
    this.#full = true
    const none = new RowCollector({ columns: [], limits: this.#options.limits })
    this.#settle.resolve((this.#collector ?? none).finish(this.#options.masked))
  }

  /** The portal is closed by the end of the transaction, which comes next. */
  #complete(wire: Wire): void {
    this.#answer()
    this.#finish(wire, () => {
      if (this.#options.kept === undefined) wire.sync()
      else if (!this.#hasLeft) this.#leave(wire)
    })
  }

  #hearLeft(left: Left): void {
    this.#left = left
    if (askLeft.name !== undefined) this.#options.kept?.add(askLeft.name)
  }

  #leave(wire: Wire): void {
    this.#hasLeft = true
    this.#run(wire, askLeft)
    wire.query(leaveSql)
  }

  #finish(wire: Wire, last: () => void): void {
    this.#isOver = true
    wire.once('readyForQuery', ({ status }) => this.#end({ status, left: this.#left }))
    last()
  }
}

/** How a connection is after a statement. */
export interface Ending {
  readonly status: TransactionStatus
  /** Undefined where the transaction has not been left yet. */
  readonly left: Left | undefined
}

function runPortal(wire: Wire, values: Bound['values'], rows: number): void {
  wire.bind({ values })
  wire.describe({ type: 'P' })
  wire.execute({ rows })
}

const outdated = (): AppError =>
  new AppError('schema_changed', 'The tables changed after the statement was judged.')
