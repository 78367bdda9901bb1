import type { DuckDBConnection } from '@duckdb/node-api'
import { foldCase } from '../../base/fold-case.ts'
import { generatedColumns } from './generated-columns.ts'

/** What the database defines in SQL of its own: read by whoever names it, so judged like what they wrote. */
export interface Definitions {
  /** By their keys in the rules. */
  readonly views: ReadonlyMap<string, View>
  /** By kind and folded name, whatever the schema: `scalar vat`, `table recent`. */
  readonly macros: ReadonlyMap<string, Macro>
  /** The computed columns of each table that has some, by its key. */
  readonly computed: ReadonlyMap<string, readonly ComputedColumn[]>
}

interface ComputedColumn {
  /** Folded. */
  readonly name: string
  /** Its expression as a query. */
  readonly text: string
}

interface View {
  /** Its query. */
  readonly text: string
  /** Folded: a bare name in it means a table of its own schema first. */
  readonly schema: string
}

interface Macro {
  /** Its bodies as queries, one for each number of arguments. */
  readonly texts: readonly string[]
  /** True where one of them is in the schema `main`, so that its bare name means it. */
  readonly isInMain: boolean
}

export const noDefinitions: Definitions = {
  views: new Map(),
  macros: new Map(),
  computed: new Map(),
}

export async function readDefinitions(connection: DuckDBConnection): Promise<Definitions> {
  const views = await texts(
    connection,
    `SELECT schema_name, view_name, sql FROM system.main.duckdb_views()
     WHERE NOT internal AND NOT temporary AND database_name = system.main.current_database()`,
  )
  const macros = await texts(
    connection,
    `SELECT schema_name, function_name, function_type || ' ' || macro_definition FROM system.main.duckdb_functions()
     WHERE NOT internal AND macro_definition IS NOT NULL`,
  )
  return {
    views: new Map(
      views.map(([schema, name, sql]) => [
        keyOf(schema, name),
        { text: queryOf(sql), schema: foldCase(schema) },
      ]),
    ),
    macros: toMacros(macros),
    computed: await readComputed(connection),
  }
}

/** DuckDB tells the expression of a generated column where it tells the default of another. */
async function readComputed(connection: DuckDBConnection): Promise<Definitions['computed']> {
  const tables = await texts(
    connection,
    `SELECT schema_name, table_name, sql FROM system.main.duckdb_tables()
     WHERE NOT internal AND NOT temporary AND database_name = system.main.current_database()
     AND contains(sql, 'GENERATED')`,
  )
  const computed = new Map<string, ComputedColumn[]>()
  for (const [schema, table, sql] of tables) {
    const names = generatedColumns(sql)
    const columns = await connection.runAndReadAll(
      `SELECT column_name, column_default FROM system.main.duckdb_columns()
       WHERE database_name = system.main.current_database() AND schema_name = $1 AND table_name = $2`,
      [schema, table],
    )
    const found = columns.getRows().filter(([name]) => names.includes(String(name)))
    const expressions = found.map(([name, text]) => ({
      name: foldCase(String(name)),
      text: `SELECT ${String(text)}`,
    }))
    if (expressions.length > 0) computed.set(keyOf(schema, table), expressions)
  }
  return computed
}

type Row = readonly [string, string, string]

async function texts(connection: DuckDBConnection, sql: string): Promise<Row[]> {
  const rows = (await connection.runAndReadAll(sql)).getRows()
  return rows.map(([one, two, three]) => [String(one), String(two), String(three)])
}

/** How the rules and the config call a table: alone in the schema `main`. */
const keyOf = (schema: string, name: string): string =>
  foldCase(schema === 'main' ? name : `${schema}.${name}`)

const namePattern = '(?:"(?:[^"]|"")*"|[^\\s"(.]+)'
/** `CREATE VIEW a.b (c, d) AS`, as DuckDB writes it. */
const viewHead = new RegExp(
  `^CREATE\\s+VIEW\\s+${namePattern}(?:\\.${namePattern})*\\s*(?:\\(\\s*${namePattern}(?:\\s*,\\s*${namePattern})*\\s*\\))?\\s*AS\\s+`,
  'i',
)

/** A definition of another form gives no query that can be parsed: what uses it is refused. */
const queryOf = (sql: string): string => (viewHead.test(sql) ? sql.replace(viewHead, '') : sql)

function toMacros(rows: readonly Row[]): Map<string, Macro> {
  const macros = new Map<string, Macro>()
  for (const [schema, name, rest] of rows) {
    const isTable = rest.startsWith('table_macro ')
    const body = rest.slice(rest.indexOf(' ') + 1)
    const key = `${isTable ? 'table' : 'scalar'} ${foldCase(name)}`
    const known = macros.get(key)
    macros.set(key, {
      texts: [...(known?.texts ?? []), isTable ? body : `SELECT ${body}`],
      isInMain: known?.isInMain === true || foldCase(schema) === 'main',
    })
  }
  return macros
}
