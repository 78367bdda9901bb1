import type { Cap, CutValue, RowSet, Value } from '../sources/source.ts'

/** A value as JSON holds it without loss: what a JSON number cannot hold is a string. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | { readonly base64: string; readonly bytes: number }
  | { readonly text: string; readonly bytes: number }

/** Rows as a model reads them: each column name once, duplicates kept (DESIGN: the tools a model sees). */
export interface TableAnswer {
  readonly columns: readonly string[]
  readonly types: readonly string[]
  readonly rows: readonly (readonly JsonValue[])[]
  readonly row_count: number
  readonly truncated: false | { readonly by: readonly Cap[]; readonly hint: string }
  /** Why there may be no rows; left out where nothing is known. */
  readonly hint?: string
  /** Columns whose values are closed and came as null; left out where there are none. */
  readonly masked?: readonly string[]
}

/** By cap: what was left out of so many rows, and how to get it. */
export type CapHints = Readonly<Record<Cap, (rows: number) => string>>

export function toAnswer(
  { columns, rows, caps, masked }: RowSet,
  hints: CapHints = hintsForStatements,
): TableAnswer {
  return {
    columns: columns.map(({ name }) => name),
    types: columns.map(({ type }) => type),
    rows: rows.map((row) => row.map(toJson)),
    row_count: rows.length,
    truncated:
      caps.length === 0
        ? false
        : { by: caps, hint: caps.map((cap) => hints[cap](rows.length)).join(' ') },
    ...(masked.length === 0 ? {} : { masked }),
  }
}

export function toJson(value: Value): JsonValue {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (value instanceof Uint8Array) return { base64: toBase64(value), bytes: value.length }
  if (value !== null && typeof value === 'object') return cutToJson(value)
  return value
}

const cutToJson = ({ cut, bytes }: CutValue): JsonValue =>
  typeof cut === 'string' ? { text: cut, bytes } : { base64: toBase64(cut), bytes }

const toBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')

const hintsForStatements: CapHints = {
  rows: (rows) =>
    `Only the first ${rows} rows were read. For the rest raise limit, page with LIMIT and OFFSET, or aggregate.`,
  bytes: (rows) =>
    `The answer was full after ${rows} rows. Name fewer columns, cut long text with substr(), or aggregate.`,
  cell: () =>
    'Long values were cut to {"text" or "base64", "bytes": full length}; read parts with substr().',
}
