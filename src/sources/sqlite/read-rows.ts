import type { StatementSyncInstance } from '@photostructure/sqlite'
import type { Cap, CutValue, ResultColumn, RowSet, Value } from '../source.ts'
import type { QueryRequest } from './messages.ts'

/** What the driver hands out: every integer as a bigint. */
type Cell = null | number | bigint | string | Uint8Array

/** Reads rows until they end or a cap is reached; the rest is never fetched. */
export function readRows(
  statement: StatementSyncInstance,
  { parameters, limits }: Pick<QueryRequest, 'parameters' | 'limits'>,
): Omit<RowSet, 'masked'> {
  statement.setReturnArrays(true)
  statement.setReadBigInts(true)
  const described = statement.columns()
  const kinds = described.map(() => new Set<string>())
  const caps = new Set<Cap>()
  const rows: Value[][] = []
  let room = limits.answerBytes
  for (const cells of statement.iterate(parameters) as Iterable<readonly Cell[]>) {
    if (rows.length === limits.rows) {
      caps.add('rows')
      break
    }
    let row = cells.map((cell) => toValue(cell, limits.cellBytes))
    if (rows.length === 0 && sizeOf(row) > room)
      row = cells.map((cell) => toValue(cell, share(cells, room)))
    room -= sizeOf(row)
    if (room < 0 && rows.length > 0) {
      caps.add('bytes')
      break
    }
    for (const [index, value] of row.entries()) kinds[index]?.add(kindOf(value, cells[index]))
    if (row.some(isCut)) caps.add('cell')
    rows.push(row)
  }
  const columns = described.map(({ name, type }, index) => toColumn(name, type, kinds[index]))
  return { columns, rows, caps: [...caps] }
}

/** What each cell of a first row may take where the whole row is too large for an answer. */
const share = (cells: readonly Cell[], room: number): number =>
  Math.max(16, Math.floor(room / cells.length))

function toColumn(
  name: string,
  declared: string | null,
  kinds: Set<string> = new Set(),
): ResultColumn {
  kinds.delete('null')
  const seen = [...kinds].toSorted().join('|')
  return { name, type: seen || (declared ?? '').toLowerCase() || 'null' }
}

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

function kindOf(value: Value, cell: Cell | undefined): string {
  if (value === null) return 'null'
  if (typeof cell === 'bigint') return 'integer'
  if (typeof cell === 'number') return 'real'
  return typeof cell === 'string' ? 'text' : 'blob'
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
