import type { DuckDBConnection } from '@duckdb/node-api'
import { foldCase } from '../../base/fold-case.ts'

/** What the database defines in SQL of its own: read by whoever names it, so judged like what they wrote. */
export interface Definitions {
  /** The query of each view, by its key in the rules. */
  readonly views: ReadonlyMap<string, string>
  /** The bodies of each macro, one for each number of arguments, as queries, by folded name. */
  readonly macros: ReadonlyMap<string, readonly string[]>
}

export async function readDefinitions(connection: DuckDBConnection): Promise<Definitions> {
  const views = await texts(
    connection,
    `SELECT schema_name, view_name, sql FROM duckdb_views()
     WHERE NOT internal AND NOT temporary AND database_name = current_database()`,
  )
  const macros = await texts(
    connection,
    `SELECT function_name, function_type, macro_definition FROM duckdb_functions()
     WHERE NOT internal AND macro_definition IS NOT NULL`,
  )
  return {
    views: new Map(views.map(([schema, name, sql]) => [keyOf(schema, name), queryOf(sql)])),
    macros: group(macros.map(([name, type, body]) => [foldCase(name), toQuery(type, body)])),
  }
}

type Row = readonly [string, string, string]

async function texts(connection: DuckDBConnection, sql: string): Promise<Row[]> {
  const rows = (await connection.runAndReadAll(sql)).getRows()
  return rows.map(([one, two, three]) => [String(one), String(two), String(three)])
}

/** How the rules and the config call a table: alone in the schema `main`. */
export const keyOf = (schema: string, name: string): string =>
  foldCase(schema === 'main' ? name : `${schema}.${name}`)

const name = '(?:"(?:[^"]|"")*"|[^\\s"(.]+)'
/** `CREATE VIEW a.b (c, d) AS`, as DuckDB writes it. */
const viewHead = new RegExp(
  `^CREATE\\s+VIEW\\s+${name}(?:\\.${name})*\\s*(?:\\(\\s*${name}(?:\\s*,\\s*${name})*\\s*\\))?\\s*AS\\s+`,
  'i',
)

/** A definition of another form gives no query that can be parsed: what uses it is refused. */
const queryOf = (sql: string): string => (viewHead.test(sql) ? sql.replace(viewHead, '') : sql)

const toQuery = (type: string, body: string): string =>
  type === 'table_macro' ? body : `SELECT ${body}`

function group(entries: readonly (readonly [string, string])[]): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const [key, text] of entries) groups.set(key, [...(groups.get(key) ?? []), text])
  return groups
}
