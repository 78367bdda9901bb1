import type {
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBStructVector,
  DuckDBType,
  DuckDBTypeId,
  DuckDBUnionValue,
  DuckDBValue,
  DuckDBVector,
} from '@duckdb/node-api'
import { AppError } from '../../base/error.ts'
import { shortestFloat } from '../exact-numbers.ts'
import { duckdb } from './engine.ts'
import { decimalText, isDecimal, scalarText } from './scalar-text.ts'

/** A nested value longer than this as JSON is no cell. */
const mostCharacters = 8_000_000

const nested = new Set<DuckDBTypeId>([
  duckdb.DuckDBTypeId.LIST,
  duckdb.DuckDBTypeId.STRUCT,
  duckdb.DuckDBTypeId.MAP,
  duckdb.DuckDBTypeId.ARRAY,
  duckdb.DuckDBTypeId.UNION,
  duckdb.DuckDBTypeId.VARIANT,
])

export const isNested = (type: DuckDBType): boolean => nested.has(type.typeId)

/**
 * A nested value as JSON text: whole numbers and decimals with all their digits, NaN and infinities
 * as strings, bytes as base64. A struct without names is a list.
 */
export function vectorToJson(vector: DuckDBVector, index: number): string | null {
  if (vector instanceof duckdb.DuckDBListVector) {
    const items = vector.getItemVector(index)
    return items === null ? null : listOf(items.itemCount, (item) => itemJson(items, item))
  }
  if (vector instanceof duckdb.DuckDBStructVector) return structJson(vector, index)
  const value = vector.getItem(index)
  return value === null ? null : toJson(value, vector.type)
}

const itemJson = (vector: DuckDBVector, index: number): string =>
  isNested(vector.type)
    ? (vectorToJson(vector, index) ?? 'null')
    : toJson(vector.getItem(index), vector.type)

function structJson(vector: DuckDBStructVector, index: number): string | null {
  if (!vector.isItemValid(index)) return null
  const { entryNames } = vector.type
  const entry = (at: number): string => itemJson(vector.entryVectorAt(at), index)
  if (entryNames.every((name) => name === '')) return listOf(entryNames.length, entry)
  return objectOf(entryNames.map((name, at) => [name, entry(at)]))
}

function toJson(value: DuckDBValue, type: DuckDBType | undefined): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return numberJson(value, type)
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'boolean') return String(value)
  if (isDecimal(value)) return decimalText(value)
  if (value instanceof duckdb.DuckDBListValue || value instanceof duckdb.DuckDBArrayValue) {
    const child = type !== undefined && 'valueType' in type ? type.valueType : undefined
    return listOf(value.items.length, (at) => toJson(value.items[at] ?? null, child))
  }
  if (value instanceof duckdb.DuckDBStructValue) return structValueJson(value, type)
  if (value instanceof duckdb.DuckDBMapValue) return mapJson(value, type)
  if (value instanceof duckdb.DuckDBUnionValue) return unionJson(value, type)
  if (value instanceof duckdb.DuckDBVariantValue) return toJson(value.value, value.type)
  if (value instanceof duckdb.DuckDBBlobValue) {
    return JSON.stringify(Buffer.from(value.bytes).toString('base64'))
  }
  return JSON.stringify(scalarText(value))
}

function numberJson(value: number, type: DuckDBType | undefined): string {
  if (!Number.isFinite(value)) return JSON.stringify(String(value))
  return String(type?.typeId === duckdb.DuckDBTypeId.FLOAT ? shortestFloat(value) : value)
}

function structValueJson({ entries }: DuckDBStructValue, type: DuckDBType | undefined): string {
  const typeFor = (name: string): DuckDBType | undefined =>
    type !== undefined && 'entryNames' in type ? type.typeForEntry(name) : undefined
  return objectOf(
    Object.entries(entries).map(([name, value]) => [name, toJson(value, typeFor(name))]),
  )
}

/** JSON has text for keys alone: a key of another type is written as its JSON. */
function mapJson({ entries }: DuckDBMapValue, type: DuckDBType | undefined): string {
  const [keyType, valueType] =
    type !== undefined && 'keyType' in type ? [type.keyType, type.valueType] : []
  return objectOf(
    entries.map(({ key, value }) => {
      const json = toJson(key, keyType)
      const name = json.startsWith('"') ? (JSON.parse(json) as string) : json
      return [name, toJson(value, valueType)]
    }),
  )
}

function unionJson({ tag, value }: DuckDBUnionValue, type: DuckDBType | undefined): string {
  const member = type !== undefined && 'memberTags' in type ? type.memberTypeForTag(tag) : undefined
  return objectOf([[tag, toJson(value, member)]])
}

const objectOf = (entries: readonly (readonly [string, string])[]): string =>
  `{${entries.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`

function listOf(length: number, item: (at: number) => string): string {
  const items: string[] = []
  let characters = 0
  for (let at = 0; at < length; at++) {
    const json = item(at)
    characters += json.length + 1
    if (characters > mostCharacters) throw tooLarge()
    items.push(json)
  }
  return `[${items.join(',')}]`
}

const tooLarge = (): AppError =>
  new AppError('result_too_large', 'A list or struct is larger than 8 MB as JSON.')
