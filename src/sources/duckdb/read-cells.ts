import type { DuckDBType, DuckDBValue, DuckDBVector } from '@duckdb/node-api'
import { exactNumber, shortestFloat } from '../exact-numbers.ts'
import type { Cell } from '../row-collector.ts'
import { duckdb } from './engine.ts'
import { isNested, vectorToJson } from './to-json.ts'
import { decimalText, isDecimal, scalarText } from './scalar-text.ts'

/** One cell of a column: what JSON holds exactly as it is, all else as text or bytes. */
export function readCells(vector: DuckDBVector, row: number): Cell {
  if (isNested(vector.type)) return vectorToJson(vector, row)
  const value = vector.getItem(row)
  return value === null ? null : toCell(value, vector.type)
}

function toCell(value: Exclude<DuckDBValue, null>, type: DuckDBType): Cell {
  if (typeof value === 'number') {
    return type.typeId === duckdb.DuckDBTypeId.FLOAT ? shortestFloat(value) : value
  }
  if (typeof value !== 'object') return value
  if (isDecimal(value)) return exactNumber(decimalText(value))
  if ('bytes' in value && value.bytes instanceof Uint8Array) return value.bytes
  return scalarText(value)
}
