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
  0: toDecimal,
  [fieldType.decimal]: toDecimal,
  [fieldType.bigint]: (raw) => BigInt(raw as string | number),
  [fieldType.bit]: toInteger,
  [fieldType.float]: (raw) => shortestSingle(raw as number),
  [fieldType.datetime]: toIsoTime,
  [fieldType.timestamp]: toIsoTime,
}

/** A number where JSON writes exactly this decimal, else its text. */
function toDecimal(raw: Exclude<RawCell, null>): Cell {
  const text = String(raw)
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text
  const number = Number(text)
  return String(number) === short ? number : text
}

/** BIT(n) comes as bytes, the highest first. */
function toInteger(raw: Exclude<RawCell, null>): Cell {
  if (!(raw instanceof Uint8Array)) return BigInt(raw)
  return raw.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
}

/** The shortest decimal that is this 4-byte number: 0.1, where its eight bytes say 0.10000000149011612. */
function shortestSingle(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return Number(value.toPrecision(9))
}

/** ISO 8601, in the session's time zone as the server says it; a zero date stays what it is. */
function toIsoTime(raw: Exclude<RawCell, null>): Cell {
  return typeof raw === 'string' ? raw.replace(' ', 'T') : raw
}
