import type { Cell } from '../row-collector.ts'

/** The text of a value on the wire, as one that is lossless. */
type Reader = (text: string) => Cell

/**
 * How values of a type are read, by its number (pg_type.dat). Everything else, arrays, ranges and
 * composite values among it, stays the text PostgreSQL writes, which is lossless as it is.
 */
const readers: ReadonlyMap<number, Reader> = new Map<number, Reader>([
  [16, (text) => text === 't'],
  [17, toBytes],
  [20, BigInt],
  [21, Number],
  [23, Number],
  [26, Number],
  [700, Number],
  [701, Number],
  [1114, toTimestamp],
  [1184, toTimestamp],
  [1266, toZonedTime],
  [1700, toDecimal],
])

const asText: Reader = (text) => text

export const readerOf = (type: number): Reader => readers.get(type) ?? asText

/** A number where a number is exactly what was written: 15 digits survive the way there and back. */
function toDecimal(text: string): Cell {
  if (text.length > 17) return text
  const digits = text.replace(/^-?0*\.?0*/, '').replace('.', '')
  const number = Number(text)
  if (digits.length > 15 || !Number.isFinite(number)) return text
  return isPlain(text) && sameDigits(text, number) ? number : text
}

/** Written without an exponent; NaN and Infinity of a numeric are words. */
const isPlain = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text)

const sameDigits = (text: string, number: number): boolean =>
  Math.abs(number) < 1e15 &&
  (number === 0 || Math.abs(number) >= 1e-6) &&
  withoutZeros(text) === String(number)

/** 12.50 and 12.5 are one number; the column's type tells the scale. */
const withoutZeros = (text: string): string =>
  text.includes('.') ? text.replace(/\.?0+$/, '').replace(/^-0$/, '0') : text

/** `\x0aff`, the form that is set for every statement. */
function toBytes(text: string): Cell {
  return text.startsWith('\\x') ? new Uint8Array(Buffer.from(text.slice(2), 'hex')) : text
}

/**
 * `2026-01-31 10:00:00.5+00` as `2026-01-31T10:00:00.5+00:00`. What ISO 8601 has no form for stays as
 * it is: infinity, years before Christ, seconds in an offset.
 */
function toTimestamp(text: string): Cell {
  const [, date, time, offset] =
    /^(\d{4,6}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)([+-]\d\d(?::\d\d)?)?$/.exec(text) ?? []
  if (date === undefined || time === undefined) return text
  // A year of more than four digits has a sign in ISO 8601.
  return `${date.indexOf('-') > 4 ? '+' : ''}${date}T${time}${toOffset(offset)}`
}

function toZonedTime(text: string): Cell {
  const [, time, offset] = /^([\d:.]+)([+-]\d\d(?::\d\d)?)$/.exec(text) ?? []
  return time === undefined ? text : `${time}${toOffset(offset)}`
}

function toOffset(offset: string | undefined): string {
  if (offset === undefined) return ''
  return offset.length === 3 ? `${offset}:00` : offset
}
