import { isUtf8 } from 'node:buffer'
import { foldCase } from '../../../base/fold-case.ts'
import { readBytes } from '../../../base/read-bytes.ts'
import { splitRecords } from './split-records.ts'

/** How a delimited file is written. */
export interface CsvDialect {
  readonly encoding: 'utf-8' | 'utf-16' | 'latin-1'
  readonly delimiter: string
  /** Lines before the header: Excel's `sep=;`. */
  readonly skip: number
  readonly header: boolean
  readonly columns: readonly string[]
}

const headBytes = 256 * 1024
const headRecords = 60

/** Told by the beginning of the file; undefined where it holds nothing. */
export function readDialect(path: string, preferred: string | undefined): CsvDialect | undefined {
  const bytes = readBytes(path, headBytes)
  const encoding = encodingOf(bytes)
  const whole = decode(bytes, encoding)
  const [line = '', declared] = /^sep=(.)\r?\n/i.exec(whole) ?? []
  const text = whole.slice(line.length)
  if (text.trim() === '') return undefined
  const delimiter = declared ?? delimiterOf(text, preferred)
  const records = splitRecords(text, delimiter, headRecords)
  const [first = [], second] = records
  const header = isHeader(first, second)
  const columns = toColumns(header ? first : first.map(() => ''))
  return { encoding, delimiter, skip: line === '' ? 0 : 1, header, columns }
}

function encodingOf(bytes: Buffer): CsvDialect['encoding'] {
  const mark = bytes.subarray(0, 2).toString('hex')
  if (mark === 'fffe' || mark === 'feff') return 'utf-16'
  return [0, 1, 2, 3].some((cut) => isUtf8(bytes.subarray(0, bytes.length - cut)))
    ? 'utf-8'
    : 'latin-1'
}

function decode(bytes: Buffer, encoding: CsvDialect['encoding']): string {
  if (encoding === 'latin-1') return bytes.toString('latin1')
  const label = encoding === 'utf-8' ? 'utf-8' : bytes[0] === 0xfe ? 'utf-16be' : 'utf-16le'
  return new TextDecoder(label).decode(bytes, { stream: true })
}

/** The sign that divides most records into the same number of fields, and the most of them. */
function delimiterOf(text: string, preferred: string | undefined): string {
  const candidates = [preferred ?? ',', ',', ';', '\t', '|']
  const rated = candidates.map((sign) => ({
    sign,
    score: rate(splitRecords(text, sign, headRecords)),
  }))
  const best = rated.reduce((one, other) => (other.score > one.score ? other : one))
  return best.sign
}

function rate(records: readonly (readonly string[])[]): number {
  const width = records[0]?.length ?? 0
  if (width < 2) return 0
  const alike = records.filter(({ length }) => length === width).length / records.length
  return alike + Math.min(width, 50) / 1000
}

/** A first line of words is a header: exports have one. A line of numbers or dates is a row. */
function isHeader(first: readonly string[], second: readonly string[] | undefined): boolean {
  if (first.every((field) => field.trim() === '')) return false
  if (!first.some((field) => isValue(field))) return true
  // Years as headings: over a column of words, or beside headings that are words.
  return second !== undefined && !first.every(isValue) && first.every((field) => !isLong(field))
}

const isValue = (field: string): boolean => /^\s*[-+]?[\d.,:/\s-]*\d[\d.,:/\s-]*\s*$/.test(field)

const isLong = (field: string): boolean => isValue(field) && !/^\s*(?:19|20)\d\d\s*$/.test(field)

/** Names as the header has them; empty and repeated ones are numbered. */
function toColumns(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name, index) => {
    const wanted = name.trim() || `column${index + 1}`
    const variants = [wanted, ...names.map((_, more) => `${wanted}_${more + 2}`)]
    const free = variants.find((variant) => !taken.has(foldCase(variant))) ?? `column${index + 1}`
    taken.add(foldCase(free))
    return free
  })
}
