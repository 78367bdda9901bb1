import { toJson } from '../results/answer.ts'
import type { Table } from '../sources/catalog.ts'
import type { RowSet, Source, Value } from '../sources/source.ts'
import { quoteName, quoteTable } from './quote-name.ts'
import { runStatement } from './run-statement.ts'
import type { ServedSource } from './served-source.ts'
import type { SampleValues } from './table-text.ts'
import type { CallContext } from './tool.ts'

/** Rows looked at, columns looked at, and values a column may have and still be listed. */
const rowsSeen = 5000
const mostColumns = 30
const mostValues = 12
/** Longer texts are prose, not a choice of words. */
const longestText = 40
const sampleMs = 1000

/**
 * The values of columns that have few of them (a status, a country), so that a model filters by words
 * that exist. A value must come back often: a column where every row differs names things or people.
 * Asked through the guard like any statement; where that fails or takes long, nothing is shown.
 */
export async function sampleValues(
  served: ServedSource,
  table: Table,
  context: CallContext,
): Promise<SampleValues> {
  const columns = table.columns.filter(isWorthAsking).slice(0, mostColumns)
  if (table.kind !== 'table' || columns.length === 0) return new Map()
  const limits = { ...served.limits, timeoutMs: Math.min(sampleMs, served.limits.timeoutMs) }
  const text = toQuestion({ ...table, columns }, served.source)
  try {
    const rows = await runStatement({ ...served, limits }, { text, rows: limits.rows }, context)
    return toSamples(rows)
  } catch {
    return new Map()
  }
}

/** Numbers with a meaning of their own (keys, amounts, dates) are no choice of words. */
const isWorthAsking = ({ type, keyPosition, masked }: Table['columns'][number]): boolean =>
  keyPosition === 0 && masked !== true && /^$|char|text|clob|enum|bool|string/i.test(type)

/** One statement for all columns: column, value, how often. */
function toQuestion(table: Table, { capabilities }: Source): string {
  const quote = (name: string): string => quoteName(name, capabilities)
  const from = quoteTable(table, capabilities)
  return table.columns
    .map(({ name: column }) => {
      const seen = `SELECT ${quote(column)} AS value FROM ${from} LIMIT ${rowsSeen}`
      const counted = `SELECT value, count(*) AS times FROM (${seen}) GROUP BY value`
      const name = `'${column.replaceAll("'", "''")}'`
      return `SELECT * FROM (SELECT ${name}, value, times FROM (${counted}) ORDER BY times DESC LIMIT ${mostValues + 1})`
    })
    .join(' UNION ALL ')
}

function toSamples({ rows, caps }: RowSet): SampleValues {
  if (caps.length > 0) return new Map()
  const names = new Set(rows.map(([name]) => name).filter((name) => typeof name === 'string'))
  const found = [...names].map((name) => [name, rows.filter((row) => row[0] === name)] as const)
  return new Map(
    found
      .filter(([, values]) => isChoice(values))
      .map(([name, values]) => [name, values.map(valueOf)]),
  )
}

type Row = readonly Value[]

const valueOf = ([, value = null]: Row): Value => value

function isChoice(rows: readonly Row[]): boolean {
  const seen = rows.reduce((sum, [, , times]) => sum + Number(times), 0)
  return (
    rows.length <= mostValues &&
    seen >= rows.length * 3 &&
    rows.some((row) => valueOf(row) !== null) &&
    rows.every((row) => JSON.stringify(toJson(valueOf(row))).length <= longestText)
  )
}
