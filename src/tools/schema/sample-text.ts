/** Statements that look at values, in SQL that every engine reads alike. */
import type { Column, Table } from '../../sources/catalog.ts'
import type { Capabilities } from '../../sources/source.ts'
import { Names } from '../quote-name.ts'

/** Rows read from the beginning of a table, and those of every other place of it. */
export const rowsSeen = 5000
const rowsElsewhere = 1000
/** Places between the ends. */
const places = 6

/** Values a column may have and still be told. */
export const mostValues = 12

export interface Question {
  readonly table: Table
  readonly columns: readonly Column[]
  readonly capabilities: Capabilities
}

/**
 * The most frequent values of each column: its number, the value, how often it was seen. Of a large
 * table the beginning, the end, and places between, told by its key, so that the newest rows count.
 */
export const toFrequent = (question: Question, isLarge: boolean): string =>
  ofEach(question, (write, column, index) => {
    const seen = isLarge ? write.parts(column) : write.head(column)
    const counted = `SELECT value, count(*) AS times FROM (${seen}) AS seen GROUP BY value`
    const most = `ORDER BY times DESC LIMIT ${mostValues + 1}`
    return `SELECT ${index} AS nr, value, times FROM (SELECT value, times FROM (${counted}) AS counted ${most}) AS most${index}`
  })

/** Every value of each column, up to one more than is told: its number, the value. */
export const toDistinct = (question: Question): string =>
  ofEach(question, (write, column, index) => {
    const all = `SELECT DISTINCT ${write.name(column.name)} AS value FROM ${write.from} LIMIT ${mostValues + 1}`
    return `SELECT ${index} AS nr, value FROM (${all}) AS each${index}`
  })

/** Values of the first rows of each column, as they come. */
export function toFirst(question: Question): string {
  const rows = Math.floor(mostFirst / question.columns.length)
  return ofEach(question, (write, column, index) => {
    const first = `SELECT ${write.name(column.name)} AS value FROM ${write.from} LIMIT ${rows}`
    return `SELECT ${index} AS nr, value FROM (${first}) AS first${index}`
  })
}

const mostFirst = 400

/** Values of each column that are one of the words but for capitals and blanks around. */
export function toAlike(question: Question, words: readonly string[]): string {
  const wanted = words.map((word) => `lower('${word.replaceAll("'", "''")}')`).join(', ')
  return ofEach(question, (write, column, index) => {
    const name = write.name(column.name)
    const alike = `SELECT DISTINCT ${name} AS value FROM ${write.from} WHERE lower(trim(${name})) IN (${wanted}) LIMIT ${mostValues}`
    return `SELECT ${index} AS nr, value FROM (${alike}) AS alike${index}`
  })
}

/** One statement of a part for each column. */
function ofEach(
  { table, columns, capabilities }: Question,
  toPart: (write: Writer, column: Column, index: number) => string,
): string {
  const write = new Writer(table, capabilities)
  return columns.map((column, index) => toPart(write, column, index)).join(' UNION ALL ')
}

class Writer extends Names {
  readonly from: string
  /** The key's only column. */
  readonly #key: Column | undefined

  constructor(table: Table, capabilities: Capabilities) {
    super(capabilities)
    this.from = this.table(table)
    const keys = table.columns.filter(({ keyPosition }) => keyPosition > 0)
    this.#key = keys.length === 1 && keys[0]?.masked !== true ? keys[0] : undefined
  }

  head(column: Column): string {
    return `SELECT ${this.name(column.name)} AS value FROM ${this.from} LIMIT ${rowsSeen}`
  }

  parts(column: Column): string {
    const parts = [this.head(column), ...this.#tail(column), ...this.#between(column)]
    return parts
      .map((part, index) => `SELECT value FROM (${part}) AS part${index}`)
      .join(' UNION ALL ')
  }

  #tail(column: Column): string[] {
    if (this.#key === undefined) return []
    const order = `ORDER BY ${this.name(this.#key.name)} DESC LIMIT ${rowsElsewhere}`
    return [`SELECT ${this.name(column.name)} AS value FROM ${this.from} ${order}`]
  }

  /** Where the key is a number, rows from evenly set values of it on. */
  #between(column: Column): string[] {
    const key = this.#key
    if (key === undefined || !/int|serial/i.test(key.type)) return []
    const name = this.name(key.name)
    const least = `(SELECT min(${name}) FROM ${this.from})`
    const most = `(SELECT max(${name}) FROM ${this.from})`
    return Array.from({ length: places }, (_, index) => {
      const share = `${least} + (${most} - ${least}) / ${places + 1} * ${index + 1}`
      const rows = `WHERE ${name} >= ${share} ORDER BY ${name} LIMIT ${rowsElsewhere}`
      return `SELECT ${this.name(column.name)} AS value FROM ${this.from} ${rows}`
    })
  }
}
