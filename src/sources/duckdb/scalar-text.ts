import type {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBValue,
} from '@duckdb/node-api'
import { duckdb } from './engine.ts'

/** Values that are no JSON scalars as text: dates and times in ISO 8601, the rest as DuckDB writes it. */
export function scalarText(value: Exclude<DuckDBValue, null>): string {
  if (value instanceof duckdb.DuckDBTimestampTZValue) {
    const utc = new duckdb.DuckDBTimestampValue(value.micros)
    return utc.isFinite ? `${iso(utc.toString())}+00:00` : utc.toString()
  }
  if (timestamps.some((kind) => value instanceof kind)) return iso(String(value))
  if (value instanceof duckdb.DuckDBTimeTZValue) return withMinutes(value.toString())
  if (value instanceof duckdb.DuckDBIntervalValue) return intervalText(value)
  return value instanceof duckdb.DuckDBDateValue ? dateText(value) : String(value)
}

/** The driver writes an infinite date as a day some million years off. */
function dateText(value: DuckDBDateValue): string {
  if (!value.isFinite) return value.days > 0 ? 'infinity' : '-infinity'
  return yearFirst(value.toString())
}

const timestamps = [
  duckdb.DuckDBTimestampValue,
  duckdb.DuckDBTimestampSecondsValue,
  duckdb.DuckDBTimestampMillisecondsValue,
  duckdb.DuckDBTimestampNanosecondsValue,
]

const iso = (text: string): string => yearFirst(text.replace(/(?<=\d) (?=\d)/, 'T'))

/** `0044-03-15 (BC)` is the year -0043: ISO 8601 has a year 0. */
function yearFirst(text: string): string {
  const [, year, rest] = /^(\d+)(-.*?) \(BC\)$/.exec(text) ?? []
  return year === undefined ? text : `-${String(Number(year) - 1).padStart(4, '0')}${rest}`
}

const withMinutes = (text: string): string => text.replace(/([-+]\d\d)$/, '$1:00')

/** https://en.wikipedia.org/wiki/ISO_8601#Durations, with a sign before each part. */
function intervalText({ months, days, micros }: DuckDBIntervalValue): string {
  const minute = 60_000_000n
  const parts = [
    [Math.trunc(months / 12), 'Y'],
    [months % 12, 'M'],
    [days, 'D'],
  ] as const
  const date = parts.map(([count, unit]) => (count === 0 ? '' : `${count}${unit}`)).join('')
  const hours = micros / (60n * minute)
  const minutes = (micros / minute) % 60n
  const clock = `${hours === 0n ? '' : `${hours}H`}${minutes === 0n ? '' : `${minutes}M`}${seconds(micros % minute)}`
  const time = clock === '' && date === '' ? '0S' : clock
  return `P${date}${time === '' ? '' : `T${time}`}`
}

function seconds(micros: bigint): string {
  if (micros === 0n) return ''
  const digits = String(micros < 0n ? -micros : micros).padStart(7, '0')
  const text = `${digits.slice(0, -6)}.${digits.slice(-6)}`.replace(/\.?0+$/, '')
  return `${micros < 0n ? '-' : ''}${text}S`
}

export const isDecimal = (value: DuckDBValue): value is DuckDBDecimalValue =>
  value instanceof duckdb.DuckDBDecimalValue

export const decimalText = (value: DuckDBDecimalValue): string => value.toString()
