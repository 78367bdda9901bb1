import type { DuckDBConnection } from '@duckdb/node-api'
import type { Catalog, Column, ForeignKey, Index, Table } from '../catalog.ts'
import type { DataFile, Layout } from './files/layout.ts'
import type { Session } from './session.ts'
import { shorten } from './type-name.ts'

/** Everything in a few queries, however many tables there are (https://duckdb.org/docs/stable/sql/meta/duckdb_table_functions). */
export async function readCatalog(session: Session, layout: Layout | undefined): Promise<Catalog> {
  const connection = await session.connect()
  try {
    const parts = await readParts(connection)
    const files = new Map(layout?.files.map((file) => [file.table, file]))
    const [[version = ''] = []] = await rowsOf(connection, 'SELECT version()')
    return {
      version: session.version,
      engine: `DuckDB ${String(version).replace(/^v/, '')}`,
      tables: parts.tables.map((table) => toTable(table, parts, files)),
    }
  } finally {
    connection.closeSync()
  }
}

const tableQuery = `
  SELECT schema_name, table_name, 'table', comment, estimated_size, sql FROM duckdb_tables()
  WHERE database_name = current_database() AND NOT internal AND NOT temporary
  UNION ALL
  SELECT schema_name, view_name, 'view', comment, NULL, sql FROM duckdb_views()
  WHERE database_name = current_database() AND NOT internal AND NOT temporary
  ORDER BY 1, 2`

const columnQuery = `
  SELECT schema_name, table_name, column_name, data_type, is_nullable, comment FROM duckdb_columns()
  WHERE database_name = current_database() AND NOT internal ORDER BY column_index`

const constraintQuery = `
  SELECT schema_name, table_name, constraint_type, constraint_column_names, referenced_table, referenced_column_names
  FROM duckdb_constraints() WHERE database_name = current_database()
  AND constraint_type IN ('PRIMARY KEY', 'FOREIGN KEY', 'UNIQUE') ORDER BY constraint_index`

const indexQuery = `
  SELECT schema_name, table_name, is_unique, expressions FROM duckdb_indexes()
  WHERE database_name = current_database() ORDER BY index_name`

type Row = readonly unknown[]
type Grouped = ReadonlyMap<string, readonly Row[]>

interface Parts {
  readonly tables: readonly Row[]
  readonly columns: Grouped
  readonly constraints: Grouped
  readonly indexes: Grouped
}

async function readParts(connection: DuckDBConnection): Promise<Parts> {
  return {
    tables: await rowsOf(connection, tableQuery),
    columns: byTable(await rowsOf(connection, columnQuery)),
    constraints: byTable(await rowsOf(connection, constraintQuery)),
    indexes: byTable(await rowsOf(connection, indexQuery)),
  }
}

async function rowsOf(connection: DuckDBConnection, sql: string): Promise<Row[]> {
  return (await connection.runAndReadAll(sql)).getRowsJson()
}

const keyOf = ([schema, table]: Row): string => `${String(schema)}\0${String(table)}`

function byTable(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group === undefined) groups.set(keyOf(row), [row])
    else group.push(row)
  }
  return groups
}

function toTable(row: Row, parts: Parts, files: ReadonlyMap<string, DataFile>): Table {
  const [schema, name, kind, comment, size, sql] = row.map((value) => text(value))
  const file = files.get(name ?? '')
  const constraints = parts.constraints.get(keyOf(row)) ?? []
  const keys = constraints.find(([, , type]) => type === 'PRIMARY KEY')
  const note = file === undefined ? comment : file.file
  return {
    ...nameOf(schema ?? '', name ?? ''),
    // A data file is shown by a view, and is a table to whoever asks.
    kind: file === undefined && kind === 'view' ? 'view' : 'table',
    ...(note === undefined ? {} : { comment: note }),
    columns: (parts.columns.get(keyOf(row)) ?? []).map((column) => toColumn(column, names(keys?.[3]))),
    foreignKeys: constraints.filter(([, , type]) => type === 'FOREIGN KEY').map(toForeignKey),
    indexes: [
      ...constraints.filter(([, , type]) => type === 'UNIQUE').map(toUnique),
      ...(parts.indexes.get(keyOf(row)) ?? []).map(toIndex),
    ],
    estimatedRows: file === undefined ? toCount(size) : file.rows,
    definition: file === undefined ? (sql ?? null) : null,
  }
}

const text = (value: unknown): string | undefined =>
  value === null || value === undefined ? undefined : String(value)

const nameOf = (schema: string, name: string): Pick<Table, 'name' | 'path'> =>
  schema === 'main' ? { name } : { name: `${schema}.${name}`, path: [schema, name] }

const toCount = (size: string | undefined): number | null =>
  size === undefined ? null : Number(size)

function toColumn([, , name, type, nullable, comment]: Row, keys: readonly string[]): Column {
  const values = enumWords(String(type))
  return {
    name: String(name),
    type: shorten(String(type)),
    nullable: nullable === true && !keys.includes(String(name)),
    keyPosition: keys.indexOf(String(name)) + 1,
    generated: false,
    ...(comment === null ? {} : { comment: String(comment) }),
    ...(values === undefined ? {} : { values }),
  }
}

function enumWords(type: string): string[] | undefined {
  if (!/^ENUM\(/i.test(type)) return undefined
  return [...type.matchAll(/'((?:[^']|'')*)'/g)].map(([, word = '']) => word.replaceAll("''", "'"))
}

const names = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

const toForeignKey = ([, , , columns, table, references]: Row): ForeignKey => ({
  columns: names(columns),
  table: String(table),
  references: names(references),
})

const toUnique = ([, , , columns]: Row): Index => ({ columns: names(columns), unique: true })

/** Expressions come as one text: `[a, '"b c"']`. */
const toIndex = ([, , unique, expressions]: Row): Index => ({
  columns: String(expressions)
    .replaceAll(/^\[|\]$/g, '')
    .split(', ')
    .map((column) => column.replaceAll(/^['"]+|['"]+$/g, '')),
  unique: unique === true,
})
