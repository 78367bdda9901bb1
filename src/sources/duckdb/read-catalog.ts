import type { DuckDBConnection } from '@duckdb/node-api'
import { groupBy } from '../../base/group-by.ts'
import type { Catalog } from '../catalog.ts'
import type { Layout } from './files/layout.ts'
import type { Session } from './session.ts'
import { keyOf, type Parts, type Row, toBrokenTable, toTable } from './to-table.ts'

/** Everything in a few queries, however many tables there are (https://duckdb.org/docs/stable/sql/meta/duckdb_table_functions). */
export async function readCatalog(session: Session, layout: Layout | undefined): Promise<Catalog> {
  const connection = await session.connect()
  try {
    const parts = await readParts(connection)
    const files = new Map(layout?.files.map((file) => [file.table, file]) ?? [])
    const [[version = ''] = []] = (await connection.runAndReadAll('SELECT version()')).getRows()
    return {
      version: session.version,
      engine: `DuckDB ${String(version).replace(/^v/, '')}`,
      tables: [
        ...parts.tables.map((table) => toTable(table, parts, files)),
        ...[...files.values()].flatMap(toBrokenTable),
      ],
    }
  } finally {
    connection.closeSync()
  }
}

const tableQuery = `
  SELECT schema_name, table_name, 'table', comment, estimated_size, sql FROM system.main.duckdb_tables()
  WHERE database_name = system.main.current_database() AND NOT internal AND NOT temporary
  UNION ALL
  SELECT schema_name, view_name, 'view', comment, NULL, sql FROM system.main.duckdb_views()
  WHERE database_name = system.main.current_database() AND NOT internal AND NOT temporary
  ORDER BY 1, 2`

const columnQuery = `
  SELECT schema_name, table_name, column_name, data_type, is_nullable, comment FROM system.main.duckdb_columns()
  WHERE database_name = system.main.current_database() AND NOT internal ORDER BY column_index`

const constraintQuery = `
  SELECT schema_name, table_name, constraint_type, constraint_column_names, referenced_table, referenced_column_names
  FROM system.main.duckdb_constraints() WHERE database_name = system.main.current_database()
  AND constraint_type IN ('PRIMARY KEY', 'FOREIGN KEY', 'UNIQUE') ORDER BY constraint_index`

const indexQuery = `
  SELECT schema_name, table_name, is_unique, expressions FROM system.main.duckdb_indexes()
  WHERE database_name = system.main.current_database() ORDER BY index_name`

async function readParts(connection: DuckDBConnection): Promise<Parts> {
  return {
    tables: await rowsOf(connection, tableQuery),
    columns: groupBy(await rowsOf(connection, columnQuery), keyOf),
    constraints: groupBy(await rowsOf(connection, constraintQuery), keyOf),
    indexes: groupBy(await rowsOf(connection, indexQuery), keyOf),
  }
}

async function rowsOf(connection: DuckDBConnection, sql: string): Promise<Row[]> {
  return (await connection.runAndReadAll(sql)).getRowsJson()
}
