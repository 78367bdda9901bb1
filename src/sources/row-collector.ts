import type { OnProgress } from '../base/progress.ts'
import { shorten } from '../base/shorten.ts'
import type { Cap, CutValue, Limits, ResultColumn, RowSet, Value } from './source.ts'

/** A cell as a driver hands it over, not cut yet. */
export type Cell = Exclude<Value, CutValue>

export interface CollectedColumn {
  readonly name: string
  /** What the engine says it is; used where the values do not tell. */
  readonly declared: string
}

export interface CollectorOptions {
  readonly columns: readonly CollectedColumn[]
  readonly limits: Limits
  /** Told by the values, as in an engine where a column may hold any; the declared type without it. */
  readonly typeOf?: (cell: Cell) => string
  readonly onProgress?: OnProgress | undefined
}

/** Milliseconds between two reports, and before the first. */
const reportEveryMs = 500

/** Gathers rows until a cap is reached, the same for every engine. */
export class RowCollector {
  readonly #options: CollectorOptions
  readonly #rows: Value[][] = []
  readonly #caps = new Set<Cap>()
  readonly #kinds: readonly Set<string>[]
  #room: number
  #reported = performance.now()

  constructor(options: CollectorOptions) {
    const room = options.limits.answerBytes
    const columns = withShortNames(options.columns, room / 2)
    this.#options = { ...options, columns }
    this.#kinds = columns.map(() => new Set())
    this.#room = room - sizeOf(columns.map(({ name }) => name))
  }

  /** Takes one row; false where it was one too many and reading may end. */
  add(cells: readonly Cell[]): boolean {
    const { limits } = this.#options
    if (this.#rows.length === limits.rows) return this.#end('rows')
    let row = cells.map((cell) => toValue(cell, limits.cellBytes))
    if (this.#rows.length === 0 && sizeOf(row) > this.#room)
      row = cells.map((cell) => toValue(cell, share(cells, this.#room)))
    this.#room -= sizeOf(row)
    if (this.#room < 0 && this.#rows.length > 0) return this.#end('bytes')
    if (row.some(isCut)) this.#caps.add('cell')
    this.#note(cells)
    this.#rows.push(row)
    this.#report()
    return true
  }

  finish(masked: readonly string[] = []): RowSet {
    const columns = this.#options.columns.map((column, index) => this.#toColumn(column, index))
    return { columns, rows: this.#rows, caps: [...this.#caps], masked }
  }

  #report(): void {
    const { onProgress } = this.#options
    if (onProgress === undefined) return
    const now = performance.now()
    if (now - this.#reported < reportEveryMs) return
    this.#reported = now
    onProgress({ rows: this.#rows.length })
  }

  #end(cap: Cap): false {
    this.#caps.add(cap)
    return false
  }

  #note(cells: readonly Cell[]): void {
    const { typeOf } = this.#options
    if (typeOf === undefined) return
    for (const [index, cell] of cells.entries()) {
      if (cell !== null) this.#kinds[index]?.add(typeOf(cell))
    }
  }

  #toColumn({ name, declared }: CollectedColumn, index: number): ResultColumn {
    const seen = [...(this.#kinds[index] ?? [])].toSorted().join('|')
    return { name, type: seen || declared.toLowerCase() || 'null' }
  }
}

/** Characters of a column's name; an expression without an alias is named by its own text. */
const longestName = 256

/** Names count as well: thousands of long ones would be an answer of their own. */
function withShortNames(columns: readonly CollectedColumn[], room: number): CollectedColumn[] {
  const longest = Math.max(16, Math.min(longestName, Math.floor(room / (columns.length * 3))))
  return columns.map(({ name, declared }) => ({ name: shorten(name, longest), declared }))
}

/** What each cell of a first row may take where the whole row is too large for an answer. */
const share = (cells: readonly Cell[], room: number): number =>
  Math.max(16, Math.floor(room / cells.length))

function toValue(cell: Cell, cellBytes: number): Value {
  if (typeof cell === 'bigint') return isSafe(cell) ? Number(cell) : cell
  if (typeof cell === 'string') return cutText(cell, cellBytes)
  if (cell instanceof Uint8Array && cell.length > cellBytes) {
    return { cut: cell.slice(0, cellBytes), bytes: cell.length }
  }
  return cell
}

const isSafe = (integer: bigint): boolean =>
  integer <= Number.MAX_SAFE_INTEGER && integer >= Number.MIN_SAFE_INTEGER

function cutText(text: string, cellBytes: number): string | CutValue {
  if (text.length * 3 <= cellBytes) return text
  const bytes = Buffer.from(text)
  if (bytes.length <= cellBytes) return text
  // `stream` leaves out a character that the cut went through.
  const cut = new TextDecoder().decode(bytes.subarray(0, cellBytes), { stream: true })
  return { cut, bytes: bytes.length }
}

const isCut = (value: Value): boolean =>
  value !== null && typeof value === 'object' && !(value instanceof Uint8Array)

/** Bytes the row takes as JSON, near enough for a budget. */
const sizeOf = (row: readonly Value[]): number =>
  row.reduce<number>((sum, value) => sum + 1 + jsonBytes(value), 2)

function jsonBytes(value: Value): number {
  if (value === null) return 4
  if (typeof value === 'string') return 2 + Buffer.byteLength(value)
  if (value instanceof Uint8Array) return 28 + Math.ceil(value.length / 3) * 4
  if (typeof value === 'object') return 20 + jsonBytes(value.cut)
  return String(value).length
}
