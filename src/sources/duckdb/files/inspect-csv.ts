import { statSync } from 'node:fs'
import { join } from 'node:path'
import { quoteName, quoteText } from '../quote.ts'
import { columnTypes, type Count } from './column-types.ts'
import { type CsvDialect, readDialect } from './dialect.ts'
import { pathText } from './path-text.ts'
import type { ColumnReading } from './value-forms.ts'

/** A data file that cannot be shown; the message says why, in half a sentence, and names no path. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
}

export interface Inspected {
  readonly select: string
  readonly rows: number | null
  readonly note: string | undefined
}

interface Reading extends CsvDialect {
  /** Some lines are shorter than the header. */
  readonly padded: boolean
  /** Lines that break the rules of CSV are read as well as can be. */
  readonly strict: boolean
}

const mostAttempts = 8
const mostColumns = 2000
/** Looked at together: of so many, 2048 rows are in memory at a time. */
const columnsAtOnce = 200
/** So many rows suggest what a column holds; all of them confirm it. */
const firstRows = 5000
/** Of a larger file only so many rows confirm it: it would take longer than anybody waits. */
const mostBytes = 150_000_000
const confirmingRows = 1_000_000

/**
 * The query that shows a delimited file as a table. DuckDB's own sniffer is not asked: it drops lines that
 * do not fit, makes numbers of `007`, and of two forms of a date it takes one.
 *
 * @throws Unreadable
 */
export async function inspectCsv(
  { root, file }: { root: string; file: string },
  count: Count,
): Promise<Inspected> {
  const dialect = readDialect(
    join(root, file),
    file.toLowerCase().endsWith('.tsv') ? '\t' : undefined,
  )
  if (dialect === undefined) throw new Unreadable('it is empty')
  if (dialect.columns.length > mostColumns) {
    throw new Unreadable(`it has ${dialect.columns.length} columns; ${mostColumns} are the most`)
  }
  const isLarge = statSync(join(root, file)).size > mostBytes
  let reading: Reading = { ...dialect, padded: false, strict: true }
  for (let attempt = 1; ; attempt++) {
    try {
      const asText = reading.columns.map((): ColumnReading => ({ type: 'VARCHAR' }))
      const from = toFrom(file, reading, asText)
      const first = `(SELECT * FROM ${from} LIMIT ${firstRows})`
      const all = isLarge ? `(SELECT * FROM ${from} LIMIT ${confirmingRows})` : from
      const pointIsDecimal = reading.delimiter === ','
      let rows = 0
      const readings: ColumnReading[] = []
      for (const names of inGroups(reading.columns)) {
        const found = await columnTypes({ names, first, all, pointIsDecimal }, count)
        readings.push(...found.readings)
        rows = found.rows
      }
      return {
        select: toSelect(file, reading, readings),
        rows: isLarge ? null : rows,
        note: toNote(reading, isLarge),
      }
    } catch (error) {
      reading = attempt < mostAttempts ? mend(reading, error) : fail(error)
    }
  }
}

const inGroups = (columns: readonly string[]): (readonly string[])[] =>
  Array.from({ length: Math.ceil(columns.length / columnsAtOnce) }, (_, index) =>
    columns.slice(index * columnsAtOnce, (index + 1) * columnsAtOnce),
  )

const fewer = /Expected Number of Columns: (\d+) Found: (\d+)/

/** The same file read with what the error tells of it. */
function mend(reading: Reading, error: unknown): Reading {
  const message = (error as Error).message
  if (/^INTERRUPT Error/i.test(message)) throw error
  const [, expected, found] = fewer.exec(message) ?? []
  if (found !== undefined && Number(found) > Number(expected)) return widen(reading, Number(found))
  if (found !== undefined && !reading.padded) return { ...reading, padded: true }
  if (/not utf-8 encoded|Invalid unicode/i.test(message) && reading.encoding === 'utf-8') {
    return { ...reading, encoding: 'latin-1' }
  }
  if (reading.strict && !/encoded/i.test(message)) return { ...reading, strict: false }
  return fail(error)
}

const widen = (reading: Reading, width: number): Reading => {
  const more = Array.from({ length: width - reading.columns.length }, (_, index) => {
    const name = `column${reading.columns.length + index + 1}`
    return reading.columns.includes(name) ? `${name}_2` : name
  })
  return { ...reading, padded: true, columns: [...reading.columns, ...more] }
}

function fail(error: unknown): never {
  const message = (error as Error).message
  if (/not latin-1 encoded/i.test(message)) {
    throw new Unreadable('it is neither UTF-8 nor Latin-1; save it as UTF-8')
  }
  throw new Unreadable(message.replace(/^[\w ]+ Error: /, '').split('\n')[0] ?? message)
}

function toSelect(file: string, reading: Reading, readings: readonly ColumnReading[]): string {
  const columns = reading.columns.map((column, index) => {
    const name = quoteName(column)
    const how = readings[index]
    return how !== undefined && 'format' in how
      ? `CAST(strptime(${name}, ${quoteText(how.format)}) AS DATE) AS ${name}`
      : name
  })
  return `SELECT ${columns.join(', ')} FROM ${toFrom(file, reading, readings)}`
}

function toFrom(file: string, reading: Reading, readings: readonly ColumnReading[]): string {
  const types = reading.columns.map((column, index) => {
    const how = readings[index]
    const type = how !== undefined && 'type' in how ? how.type : 'VARCHAR'
    return `${quoteText(column)}: ${quoteText(type)}`
  })
  const options = [
    'auto_detect = false',
    `delim = ${quoteText(reading.delimiter)}`,
    `quote = '"', escape = '"'`,
    `header = ${reading.header}`,
    `skip = ${reading.skip}`,
    `encoding = '${reading.encoding}'`,
    `strict_mode = ${reading.strict}`,
    // The parallel reader cannot tell a short line from a line break in quotes.
    `null_padding = ${reading.padded}, parallel = ${!reading.padded}`,
    `columns = {${types.join(', ')}}`,
  ]
  return `read_csv(${pathText(file)}, ${options.join(', ')})`
}

function toNote({ encoding, padded, strict }: Reading, isLarge: boolean): string | undefined {
  const notes = [
    encoding === 'latin-1' ? 'read as Latin-1' : '',
    padded ? 'lines of different length, filled up with NULL' : '',
    isLarge ? 'types told by the first million rows' : '',
    strict ? '' : 'lines that break the rules of CSV',
  ].filter((note) => note !== '')
  return notes.length === 0 ? undefined : notes.join('; ')
}
