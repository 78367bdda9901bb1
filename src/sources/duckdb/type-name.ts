import type { DuckDBType } from '@duckdb/node-api'
import { duckdb } from './engine.ts'

/** A type as people write it; the words of an enum stand in the schema. */
export function typeName(type: DuckDBType): string {
  if (type.alias !== undefined && type.alias !== '') return type.alias
  if (type.typeId === duckdb.DuckDBTypeId.ENUM) return 'enum'
  if (type.typeId === duckdb.DuckDBTypeId.SQLNULL) return 'null'
  return shorten(type.toString())
}

/** As DuckDB's catalog says it: `ENUM('a', 'b')` becomes `enum`, and names are quoted only where they must be. */
export const shorten = (type: string): string =>
  type
    .replaceAll(/ENUM\((?:'(?:[^']|'')*'(?:,\s*)?)*\)/gi, 'enum')
    .replaceAll(/"([a-z_][a-z0-9_]*)"/g, '$1')
    .toLowerCase()
