import type { Catalog, Column, Table } from '../../sources/catalog.ts'
import { Names } from '../quote-name.ts'

/** Characters of an overview: about 3,000 tokens, what a whole schema may cost in one answer. */
const overviewCharacters = 10_000

/** Writes schemas in the words of one dialect: a name is printed as a statement must write it. */
export class SchemaText extends Names {
  /**
   * Every table on a line, in the most telling of four forms that fits the budget: about five tokens
   * a column in the fullest, `orders(id integer pk, customer_id integer->customers.id) ~16000 rows`.
   */
  overview({ tables }: Catalog): string {
    if (tables.length === 0) return 'There are no tables.'
    for (const toLine of [this.#withTypes, this.#withColumns, this.#withCounts]) {
      const lines = linesWithin(overviewCharacters, tables, toLine)
      if (lines !== undefined) return lines.join('\n')
    }
    return cutLines(tables.map((table) => this.table(table)))
  }

  /** `customer_id integer->customers.id`, as short as it can be and still exact. */
  columnOf(table: Table, column: Column): string {
    const type = column.type === '' ? '' : ` ${column.type}`
    const key = column.keyPosition > 0 ? ' pk' : ''
    const masked = column.masked === true ? ' masked' : ''
    return `${this.name(column.name)}${type}${key}${this.#reference(column, table)}${masked}`
  }

  readonly #withTypes = (table: Table): string => {
    const columns = table.columns.map((column) => this.columnOf(table, column))
    return `${this.table(table)}(${columns.join(', ')})${suffix(table)}`
  }

  readonly #withColumns = (table: Table): string => {
    const columns = table.columns.map(({ name }) => this.name(name))
    return `${this.table(table)}(${columns.join(', ')})${suffix(table)}`
  }

  readonly #withCounts = (table: Table): string =>
    `${this.table(table)}: ${table.columns.length} columns${suffix(table)}`

  #reference({ name }: Column, { foreignKeys }: Table): string {
    const key = foreignKeys.find(({ columns }) => columns.includes(name))
    if (key === undefined) return ''
    const other = key.references[key.columns.indexOf(name)]
    return `->${this.name(key.table)}${other === undefined ? '' : `.${this.name(other)}`}`
  }
}

function suffix({ kind, estimatedRows }: Table): string {
  const told = kind === 'table' ? '' : ` ${kind}`
  return estimatedRows === null ? told : `${told} ~${estimatedRows} rows`
}

/** A line for each table, or undefined as soon as they are too long together. */
function linesWithin(
  most: number,
  tables: readonly Table[],
  toLine: (table: Table) => string,
): string[] | undefined {
  const lines: string[] = []
  let room = most
  for (const table of tables) {
    const line = toLine(table)
    room -= line.length + 1
    if (room < -1) return undefined
    lines.push(line)
  }
  return lines
}

function cutLines(lines: readonly string[]): string {
  let room = overviewCharacters
  const shown = lines.filter((line) => (room -= line.length + 1) > 0)
  const left = lines.length - shown.length
  return left === 0 ? shown.join('\n') : `${shown.join('\n')}\n… and ${left} more: use search`
}
