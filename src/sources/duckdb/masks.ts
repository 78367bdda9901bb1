import type { DuckDBConnection } from '@duckdb/node-api'
import { AppError } from '../../base/error.ts'
import { foldCase } from '../../base/fold-case.ts'
import type { TableRule } from '../statement.ts'
import { quoteName } from './quote.ts'
import { namesAllColumns, type Uses } from './uses.ts'
import type { ReadRules } from './terms.ts'

/** Lets a data file be asked by its path, in the form in which its table is shown. */
export async function putFileNames(connection: DuckDBConnection, { files }: Uses): Promise<void> {
  const taken = new Map<string, string>()
  for (const [path, table] of files) {
    // One view would stand for both.
    if ((taken.get(foldCase(path)) ?? table) !== table) throw sameName(path)
    taken.set(foldCase(path), table)
    await connection.run(
      `CREATE OR REPLACE TEMP VIEW ${quoteName(path)} AS SELECT * FROM ${quoteName(table)}`,
    )
  }
}

const sameName = (path: string): AppError =>
  new AppError('statement_refused', `Two files are called '${path}' but for capital letters.`, {
    hint: 'Ask the tables that they are shown as; get_schema names them.',
  })

interface ColumnOf {
  readonly name: string
  readonly type: string
}

/**
 * Puts a temporary view before each table with closed columns: DuckDB looks a bare name up there
 * first, for views and macros of the database as well. A masked column is NULL in it, a hidden one is
 * not there.
 */
export async function putMasks(
  connection: DuckDBConnection,
  { rules, uses, catalog }: { rules: ReadRules; uses: Uses; catalog: string },
): Promise<void> {
  for (const key of uses.tables) {
    const rule = rules.tables.get(key)
    if (rule === undefined || rule.closedColumns.size === 0) continue
    const [table, columns] = await columnsOf(connection, key)
    await connection.run(
      `CREATE OR REPLACE TEMP VIEW ${quoteName(table)} AS SELECT ${columns.flatMap((column) => mask(column, rule)).join(', ')}
       FROM ${quoteName(catalog)}.main.${quoteName(table)}`,
    )
  }
}

async function columnsOf(
  connection: DuckDBConnection,
  key: string,
): Promise<[string, readonly ColumnOf[]]> {
  // Names are compared here: a macro of the database could stand in for lower().
  const reader = await connection.runAndReadAll(
    `SELECT table_name, column_name, data_type FROM system.main.duckdb_columns()
     WHERE database_name = system.main.current_database() AND schema_name = 'main' ORDER BY column_index`,
  )
  const rows = reader.getRows().filter(([table]) => foldCase(String(table)) === key)
  const columns = rows.map(([, name, type]) => ({ name: String(name), type: String(type) }))
  return [String(rows[0]?.[0] ?? key), columns]
}

function mask({ name, type }: ColumnOf, { closedColumns }: TableRule): string[] {
  const closed = closedColumns.get(foldCase(name))
  if (closed === 'hide') return []
  return [closed === 'mask' ? `CAST(NULL AS ${type}) AS ${quoteName(name)}` : quoteName(name)]
}

/** `table.column` of the masked columns that the statement can have read. */
export function maskedIn({ tables }: ReadRules, uses: Uses): string[] {
  const isWhole = namesAllColumns(uses)
  return [...uses.tables].flatMap((key) =>
    [...(tables.get(key)?.closedColumns ?? [])]
      .filter(([column, rule]) => rule === 'mask' && (isWhole || uses.columns.has(column)))
      .map(([column]) => `${key}.${column}`),
  )
}

/** True where a table that is used hides a column of that name. */
export const hides = ({ tables }: ReadRules, uses: Uses, column: string): boolean =>
  [...uses.tables].some((key) => tables.get(key)?.closedColumns.get(foldCase(column)) === 'hide')
