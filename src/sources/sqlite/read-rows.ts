import type { StatementSyncInstance } from '@photostructure/sqlite'
import { type Cell, type CollectedColumn, RowCollector } from '../row-collector.ts'
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
  const columns = readAsArrays(statement)
  const collector = new RowCollector({ columns, limits, typeOf, onProgress })
  if (prepareOnly) return collector.finish(masked())
  for (const cells of statement.iterate(...parameters) as Iterable<readonly Cell[]>) {
    if (!collector.add(cells)) break
  }
  return collector.finish(masked())
}

/** Has it give each row as a list, every integer as a bigint; gives its columns. */
export function readAsArrays(statement: StatementSyncInstance): CollectedColumn[] {
  statement.setReturnArrays(true)
  statement.setReadBigInts(true)
  return statement.columns().map(({ name, type }) => ({ name, declared: type ?? '' }))
}

/** In SQLite a value has a type, not a column (https://sqlite.org/datatype3.html). */
export function typeOf(cell: Cell): string {
  if (typeof cell === 'bigint') return 'integer'
  if (typeof cell === 'number') return 'real'
  return typeof cell === 'string' ? 'text' : 'blob'
}
