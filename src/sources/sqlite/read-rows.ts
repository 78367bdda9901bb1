import type { StatementSyncInstance } from '@photostructure/sqlite'
import { type Cell, RowCollector } from '../row-collector.ts'
import type { RowSet } from '../source.ts'
import type { HeardRequest } from './messages.ts'

/** Reads rows until they end or a cap is reached; the rest is never fetched. */
export function readRows(
  statement: StatementSyncInstance,
  {
    parameters,
    limits,
    prepareOnly,
    onProgress,
  }: Pick<HeardRequest, 'parameters' | 'limits' | 'prepareOnly' | 'onProgress'>,
  masked: () => readonly string[],
): RowSet {
  statement.setReturnArrays(true)
  statement.setReadBigInts(true)
  const columns = statement.columns().map(({ name, type }) => ({ name, declared: type ?? '' }))
  const collector = new RowCollector({ columns, limits, typeOf, onProgress })
  if (prepareOnly) return collector.finish(masked())
  for (const cells of statement.iterate(...parameters) as Iterable<readonly Cell[]>) {
    if (!collector.add(cells)) break
  }
  return collector.finish(masked())
}

/** In SQLite a value has a type, not a column (https://sqlite.org/datatype3.html). The driver hands out every integer as a bigint. */
export function typeOf(cell: Cell): string {
  if (typeof cell === 'bigint') return 'integer'
  if (typeof cell === 'number') return 'real'
  return typeof cell === 'string' ? 'text' : 'blob'
}
