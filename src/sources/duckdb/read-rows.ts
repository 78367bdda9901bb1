import type { DuckDBResult } from '@duckdb/node-api'
import { type Cell, RowCollector } from '../row-collector.ts'
import type { Limits, RowSet } from '../source.ts'
import { readCells } from './read-cells.ts'
import { typeName } from './type-name.ts'

/** Reads chunk by chunk until the rows end or a cap is reached; the rest is never computed. */
export async function readRows(
  result: DuckDBResult,
  limits: Limits,
  masked: readonly string[],
): Promise<RowSet> {
  const types = result.columnTypes()
  const columns = types.map((type, index) => ({
    name: result.columnName(index),
    declared: typeName(type),
  }))
  const collector = new RowCollector({ columns, limits })
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
