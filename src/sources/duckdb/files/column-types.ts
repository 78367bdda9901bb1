import { quoteName, quoteText } from '../quote.ts'

/** How a column of text is read: as a type by DuckDB, or by a format of dates. */
export type ColumnReading = { readonly type: string } | { readonly format: string }

const asText: ColumnReading = { type: 'VARCHAR' }

/** Each pattern is the form of a value that loses nothing as the type: `007` is no number. */
const forms = {
  BIGINT: String.raw`-?(0|[1-9][0-9]{0,17})`,
  // Longer whole numbers lose digits; long fractions were doubles where they came from.
  DOUBLE: String.raw`-?((0|[1-9][0-9]{0,14})(\.[0-9]{1,17})?|\.[0-9]{1,17})([eE][-+]?[0-9]{1,3})?`,
  BOOLEAN: '(?i)(true|false)',
  DATE: '[0-9]{4}-[0-9]{2}-[0-9]{2}',
  TIMESTAMP: '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?',
  'TIMESTAMP WITH TIME ZONE':
    '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[-+][0-9]{2}(:?[0-9]{2})?)',
} as const

/** Formats that people write dates in; of two that both fit, neither is believed. */
const formats = ['%d.%m.%Y', '%d/%m/%Y', '%m/%d/%Y', '%d-%m-%Y', '%m-%d-%Y', '%Y/%m/%d']
const types = Object.keys(forms) as (keyof typeof forms)[]

/** Over the first rows: how many values there are of each column, and how many fit each reading. */
export function fittingQuery(columns: readonly string[], from: string): string {
  const counts = columns.flatMap((column) => {
    const name = quoteName(column)
    const shaped = types.map((type) => `count(*) FILTER (${fits(name, type)})`)
    const dated = formats.map((format) => `count(try_strptime(${name}, ${quoteText(format)}))`)
    return [`count(${name})`, ...shaped, ...dated]
  })
  return `SELECT count(*), ${counts.join(', ')} FROM ${from}`
}

const isCast = new Set<string>(['DATE', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE'])

function fits(name: string, type: keyof typeof forms): string {
  const shaped = `regexp_full_match(${name}, ${quoteText(forms[type])})`
  return isCast.has(type) ? `${shaped} AND TRY_CAST(${name} AS ${type}) IS NOT NULL` : shaped
}

/** What the counts of that query say of each column. */
export function toReadings(counts: readonly number[]): ColumnReading[] {
  const width = 1 + types.length + formats.length
  const columns = Math.floor(counts.length / width)
  return Array.from({ length: columns }, (_, index) =>
    toReading(counts.slice(index * width, (index + 1) * width)),
  )
}

function toReading([values = 0, ...fitting]: readonly number[]): ColumnReading {
  if (values === 0) return asText
  const type = types.find((_, index) => fitting[index] === values)
  if (type !== undefined) return { type }
  const dates = formats.filter((_, index) => fitting[types.length + index] === values)
  return dates.length === 1 && dates[0] !== undefined ? { format: dates[0] } : asText
}

/** Over all rows: how many values fit the reading that the first rows suggest, and a wider one. */
export function confirmingQuery(
  columns: readonly string[],
  readings: readonly ColumnReading[],
  from: string,
): string {
  const counts = columns.flatMap((column, index) => {
    const name = quoteName(column)
    const wider = isWhole(readings[index]) ? count(name, { type: 'DOUBLE' }) : '0'
    return [`count(${name})`, count(name, readings[index]), wider]
  })
  return `SELECT count(*), ${counts.join(', ')} FROM ${from}`
}

const isWhole = (reading: ColumnReading | undefined): boolean =>
  reading !== undefined && 'type' in reading && reading.type === 'BIGINT'

function count(name: string, reading: ColumnReading | undefined): string {
  if (reading !== undefined && 'format' in reading) {
    return `count(try_strptime(${name}, ${quoteText(reading.format)}))`
  }
  const type = types.find((one) => one === reading?.type)
  return type === undefined ? '0' : `count(*) FILTER (${fits(name, type)})`
}

/** The readings that all rows allow; text where one value does not. */
export function confirmed(
  readings: readonly ColumnReading[],
  counts: readonly number[],
): ColumnReading[] {
  return readings.map((reading, index) => {
    const [values, fitting, wider] = counts.slice(index * 3, index * 3 + 3)
    if (values === fitting) return reading
    return isWhole(reading) && values === wider ? { type: 'DOUBLE' } : asText
  })
}
