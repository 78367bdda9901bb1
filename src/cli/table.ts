import Table from 'cli-table3'
import type { Terminal } from './terminal.ts'
import { cut, measure } from './text-width.ts'
import { toVisible } from '../base/visible.ts'

export interface TableColumn {
  readonly name: string
  /** As in an answer: `integer`, `text`, `integer|text`. Numbers are set to the right. */
  readonly type?: string
}

export interface TableOptions {
  /** Columns of the terminal; below 20 it is taken as 20. */
  readonly width: number
  readonly colors: Terminal['colors']
  /** Further rows are counted, not shown. */
  readonly maxRows?: number
}

interface Cell {
  /** Safe to print. */
  readonly text: string
  readonly dim: boolean
}

interface Sheet {
  readonly names: readonly string[]
  readonly numeric: readonly boolean[]
  readonly rows: readonly (readonly Cell[])[]
}

const narrowest = 20
const gap = '  '
/** A text column is not cut below this; rather the table turns into blocks. */
const shortestText = 10

/**
 * Rows for a person's eyes: as a table where it fits the width, else one block to a record, as
 * psql's expanded display. No line is wider than the width, and nothing in a cell reaches the
 * terminal as a control character.
 */
export function formatTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly unknown[])[],
  options: TableOptions,
): string {
  // `SELECT` alone, in PostgreSQL: a row of nothing.
  if (columns.length === 0) return ''
  const width = Math.max(options.width, narrowest)
  const { colors, maxRows = rows.length } = options
  const shown = rows.slice(0, maxRows)
  const sheet: Sheet = {
    names: columns.map(({ name }) => toVisible(name)),
    numeric: columns.map((column, index) => isNumeric(column, index, shown)),
    rows: shown.map((row) => columns.map((_, index) => toCell(row[index]))),
  }
  const widths = fit(sheet, width)
  const lines = widths === undefined ? blocks(sheet, width, colors) : grid(sheet, widths, colors)
  const left = rows.length - shown.length
  if (left > 0) lines.push(colors.dim(cut(`… and ${left} more`, width)))
  return lines.join('\n')
}

/** By the type where there is one: a 64-bit integer or a decimal comes as a string. */
function isNumeric(
  { type }: TableColumn,
  index: number,
  rows: readonly (readonly unknown[])[],
): boolean {
  if (type !== undefined && type !== '') return type.split('|').every((one) => numbers.test(one))
  const values = rows.map((row) => row[index]).filter((value) => value != null)
  return values.length > 0 && values.every((value) => /^(number|bigint)$/.test(typeof value))
}

const numbers = /^(integer|int|bigint|real|float|double|numeric|decimal)/i

function toCell(value: unknown): Cell {
  if (value === null || value === undefined) return { text: 'null', dim: true }
  if (value instanceof Uint8Array) return toBytesCell(value.length)
  if (typeof value === 'object') return toObjectCell(value)
  return { text: toVisible(`${value as string | number | bigint | boolean}`), dim: false }
}

/** The two objects that an answer holds: bytes, and a text that was cut (DESIGN: lossless values). */
function toObjectCell(value: object): Cell {
  if ('base64' in value && 'bytes' in value) return toBytesCell(Number(value.bytes))
  if ('text' in value) return { text: `${toVisible(String(value.text))}…`, dim: false }
  return { text: toVisible(JSON.stringify(value)), dim: false }
}

const toBytesCell = (bytes: number): Cell => ({ text: `<${bytes} bytes>`, dim: true })

/** The width of every column, or undefined where they do not fit beside each other. */
function fit({ names, numeric, rows }: Sheet, width: number): number[] | undefined {
  const room = width - gap.length * (names.length - 1)
  const wanted = names.map((name, index) => {
    const cells = rows.map((row) => measure(row[index]?.text ?? '', width))
    return Math.max(1, measure(name, width), ...cells)
  })
  // A number that is cut is another number.
  const least = wanted.map((one, index) => (numeric[index] ? one : Math.min(one, shortestText)))
  if (sum(least) > room) return undefined
  return shrink(wanted, least, room)
}

/** Takes from the widest column that may still give, until all fit. */
function shrink(wanted: readonly number[], least: readonly number[], room: number): number[] {
  const widths = [...wanted]
  for (let over = sum(widths) - room; over > 0; over--) {
    const spare = widths.map((width, index) => (width > (least[index] ?? 0) ? width : 0))
    const widest = spare.indexOf(Math.max(...spare))
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return widths
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

function grid(sheet: Sheet, widths: number[], colors: Terminal['colors']): string[] {
  const table = new Table({
    ...quiet,
    head: sheet.names.map((name, index) => colors.bold(cut(name, widths[index] ?? 1))),
    colWidths: widths,
    colAligns: sheet.numeric.map((numeric) => (numeric ? 'right' : 'left')),
  })
  for (const row of sheet.rows) {
    table.push(row.map((cell, index) => paint(cell, widths[index] ?? 1, colors)))
  }
  const [head = '', ...body] = toLines(table)
  const rule = '─'.repeat(sum(widths) + gap.length * (widths.length - 1))
  return [head, colors.dim(rule), ...body]
}

function blocks({ names, rows }: Sheet, width: number, colors: Terminal['colors']): string[] {
  if (rows.length === 0) return blockOf([[cut(names.join(', '), width)]], [width])
  const label = Math.min(
    Math.max(1, ...names.map((name) => measure(name, width))),
    (width >> 1) - 2,
  )
  const value = width - label - gap.length
  return rows.flatMap((row, index) => {
    const title = `── ${index + 1} `.padEnd(Math.min(width, 40), '─')
    const lines = row.map((cell, column) => [
      colors.bold(cut(names[column] ?? '', label)),
      paint(cell, value, colors),
    ])
    return [colors.dim(title), ...blockOf(lines, [label, value])]
  })
}

function blockOf(lines: readonly string[][], widths: number[]): string[] {
  const table = new Table({ ...quiet, colWidths: widths })
  table.push(...lines)
  return toLines(table)
}

/** No lines but the one under the header, which is ours. */
const quiet = {
  chars: {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
    middle: gap,
  },
  style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
}

const toLines = (table: Table.Table): string[] =>
  table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())

function paint({ text, dim }: Cell, width: number, colors: Terminal['colors']): string {
  const shown = cut(text, width)
  return dim ? colors.dim(shown) : shown
}
