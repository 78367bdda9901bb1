import { exactNumber, shortestFloat } from '../exact-numbers.ts'
import type { Cell } from '../row-collector.ts'
import { type Field, fieldType } from './column-types.ts'

/** What the driver hands over, set to strings wherever a number of JavaScript would lose something. */
export type RawCell = null | number | string | Uint8Array

/** Makes a column's raw values into lossless cells. */
export function toCell(field: Field): (raw: RawCell) => Cell {
  const convert = converters[field.columnType]
  if (convert === undefined) return (raw) => raw
  return (raw) => (raw === null ? null : convert(raw))
}

const converters: Readonly<Record<number, (raw: Exclude<RawCell, null>) => Cell>> = {
  0: (raw) => exactNumber(String(raw)),
  [fieldType.decimal]: (raw) => exactNumber(String(raw)),
  [fieldType.bigint]: (raw) => BigInt(raw as string | number),
  [fieldType.bit]: toInteger,
  [fieldType.float]: (raw) => shortestFloat(raw as number),
  [fieldType.datetime]: toIsoTime,
  [fieldType.timestamp]: toIsoTime,
}

/** BIT(n) comes as bytes, the highest first. */
function toInteger(raw: Exclude<RawCell, null>): Cell {
  if (!(raw instanceof Uint8Array)) return BigInt(raw)
  return raw.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
}

/** ISO 8601, in the session's time zone as the server says it; a zero date stays what it is. */
function toIsoTime(raw: Exclude<RawCell, null>): Cell {
  return typeof raw === 'string' ? raw.replace(' ', 'T') : raw
}
