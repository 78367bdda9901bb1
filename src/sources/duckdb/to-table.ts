import type { Json } from '@duckdb/node-api'
import type { Column, ForeignKey, Index, Table } from '../catalog.ts'
import type { DataFile } from './files/layout.ts'
import { generatedColumns } from './generated-columns.ts'
import { shorten } from './type-name.ts'

export type Row = readonly Json[]
type Grouped = ReadonlyMap<string, readonly Row[]>

/** Rows of the catalog's queries; all but the first by the table they belong to. */
export interface Parts {
  readonly tables: readonly Row[]
  readonly columns: Grouped
  readonly constraints: Grouped
  readonly indexes: Grouped
}

export const keyOf = ([schema = null, table = null]: Row): string =>
  `${text(schema)}\0${text(table)}`

/** A file that cannot be read is a table all the same, which says why. */
export function toBrokenTable({ table, file, flaw }: DataFile): Table[] {
  if (flaw === undefined) return []
  return [
    {
      name: table,
      kind: 'table',
      comment: `${file} cannot be read: ${flaw}`,
      columns: [],
      foreignKeys: [],
      indexes: [],
      estimatedRows: null,
      definition: null,
    },
  ]
}

export function toTable(row: Row, parts: Parts, files: ReadonlyMap<string, DataFile>): Table {
  const [schema, name, kind, comment, size, sql] = row.map((value) => text(value))
  const file = files.get(name ?? '')
  const constraints = parts.constraints.get(keyOf(row)) ?? []
  const keys = constraints.find(([, , type]) => type === 'PRIMARY KEY')
  const generated = generatedColumns(sql ?? '')
  const note = file === undefined ? comment : file.file
  return {
    ...nameOf(schema ?? '', name ?? ''),
    // A data file is shown by a view, and is a table to whoever asks.
    kind: file === undefined && kind === 'view' ? 'view' : 'table',
    ...(note === undefined ? {} : { comment: note }),
    columns: (parts.columns.get(keyOf(row)) ?? []).map((column) =>
      toColumn(column, { keys: names(keys?.[3]), generated }),
    ),
    foreignKeys: constraints.filter(([, , type]) => type === 'FOREIGN KEY').map(toForeignKey),
    indexes: [
      ...constraints.filter(([, , type]) => type === 'UNIQUE').map(toUnique),
      ...(parts.indexes.get(keyOf(row)) ?? []).map(toIndex),
    ],
    estimatedRows: file === undefined ? toCount(size) : file.rows,
    definition: file === undefined ? (sql ?? null) : null,
  }
}

const text = (value: Json): string | undefined => (typeof value === 'string' ? value : undefined)

const nameOf = (schema: string, name: string): Pick<Table, 'name' | 'path'> =>
  schema === 'main' ? { name } : { name: `${schema}.${name}`, path: [schema, name] }

const toCount = (size: string | undefined): number | null =>
  size === undefined ? null : Number(size)

interface Known {
  /** The columns of the primary key, in its order. */
  readonly keys: readonly string[]
  /** Names of the columns that are computed. */
  readonly generated: readonly string[]
}

function toColumn([, , ...row]: Row, { keys, generated }: Known): Column {
  const [name = '', type = '', , comment] = row.map((value) => text(value))
  const values = enumWords(type)
  return {
    name,
    type: shorten(type),
    nullable: row[2] === true && !keys.includes(name),
    keyPosition: keys.indexOf(name) + 1,
    generated: generated.includes(name),
    ...(comment === undefined ? {} : { comment }),
    ...(values === undefined ? {} : { values }),
  }
}

function enumWords(type: string): string[] | undefined {
  if (!/^ENUM\(/i.test(type)) return undefined
  return [...type.matchAll(/'((?:[^']|'')*)'/g)].map(([, word = '']) => word.replaceAll("''", "'"))
}

const names = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.flatMap((name) => text(name) ?? []) : []

const toForeignKey = ([, , , columns, table, references]: Row): ForeignKey => ({
  columns: names(columns),
  table: text(table ?? null) ?? '',
  references: names(references),
})

const toUnique = ([, , , columns]: Row): Index => ({ columns: names(columns), unique: true })

/** Expressions come as one text: `[a, '"b c"']`. */
const toIndex = ([, , unique, expressions]: Row): Index => ({
  columns: (text(expressions ?? null) ?? '')
    .replaceAll(/^\[|\]$/g, '')
    .split(', ')
    .map((column) => column.replaceAll(/^['"]+|['"]+$/g, '')),
  unique: unique === true,
})
