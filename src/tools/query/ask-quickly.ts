import type { Table } from '../../sources/catalog.ts'
import type { RowSet, Value } from '../../sources/source.ts'
import { runStatement } from './run-statement.ts'
import type { ServedSource } from '../served-source.ts'
import type { CallContext } from '../tool.ts'

const quickMs = 1000
const mostRows = 500

/** A table of more rows is not read whole: a statement costs what its engine must read. */
const mostRowsRead = 200_000

/**
 * The rows of a statement that nobody asked for and that only helps: run through the guard like any, for
 * a second at most. None where it fails or has more.
 */
export async function askQuickly(
  served: ServedSource,
  text: string,
  context: CallContext,
): Promise<RowSet['rows']> {
  const timeoutMs = Math.min(quickMs, served.limits.timeoutMs)
  const limits = { ...served.limits, rows: mostRows }
  try {
    const { rows, caps } = await runStatement(
      { ...served, limits },
      { text, rows: mostRows },
      { ...context, timeoutMs },
    )
    return caps.length > 0 ? [] : rows
  } catch {
    return []
  }
}

/** True where all rows of the table may be read for a question of that kind. */
export const mayReadWhole = ({ estimatedRows }: Table): boolean =>
  estimatedRows !== null && estimatedRows <= mostRowsRead

/** What the first column holds, of texts and numbers. */
export const textsOf = (rows: RowSet['rows']): string[] =>
  rows.flatMap(([value]) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
      ? [String(value)]
      : [],
  )

/** What the rows say of one column, by its number: each value, and how often it was seen. */
export const valuesOf = (rows: RowSet['rows'], index: number): Counted[] =>
  rows
    .filter(([nr]) => Number(nr) === index)
    .map(([, value = null, times = 1]) => ({ value, times: Number(times) }))

export interface Counted {
  readonly value: Value
  readonly times: number
}
