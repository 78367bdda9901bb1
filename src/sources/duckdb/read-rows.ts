import type { DuckDBResult } from '@duckdb/node-api'
import { type Cell, RowCollector } from '../row-collector.ts'
import type { RowSet } from '../source.ts'
import type { HeardRequest } from './messages.ts'
import { readCells } from './read-cells.ts'
import { typeName } from './type-name.ts'

/** Reads chunk by chunk until the rows end or a cap is reached; the rest is never computed. */
export async function readRows(
  result: DuckDBResult,
  { limits, onProgress }: Pick<HeardRequest, 'limits' | 'onProgress'>,
  masked: readonly string[],
): Promise<RowSet> {
  const types = result.columnTypes()
  const columns = types.map((type, index) => ({
    name: result.columnName(index),
    declared: typeName(type),
  }))
  const collector = new RowCollector({ columns, limits, onProgress })
  for (let goesOn = true; goesOn;) {
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) break
    for (let row = 0; row < chunk.rowCount && goesOn; row++) {
      const cells: Cell[] = types.map((_, column) => readCells(chunk.getColumnVector(column), row))
      goesOn = collector.add(cells)
    }
  }
  return collector.finish(masked)
}
