import type { Connection } from './connection.ts'

/** What information_schema says, a row each (https://dev.mysql.com/doc/refman/8.4/en/information-schema.html). */
export interface Rows {
  readonly tables: readonly TableRow[]
  readonly columns: readonly ColumnRow[]
  readonly indexes: readonly IndexRow[]
  readonly keys: readonly KeyRow[]
  readonly views: readonly ViewRow[]
  readonly routines: readonly string[]
  readonly foldsTableNames: boolean
}

interface InTable {
  readonly schema: string
  readonly table: string
}

export interface TableRow extends InTable {
  readonly type: string
  readonly engine: string | null
  /** Text: a 64-bit number. */
  readonly rows: string | null
  readonly comment: string | null
}

export interface ColumnRow extends InTable {
  readonly name: string
  readonly type: string
  readonly nullable: string
  readonly extra: string | null
  readonly comment: string | null
  readonly generation: string | null
  readonly default: string | null
}

export interface IndexRow extends InTable {
  readonly index: string
  /** Null for an expression. */
  readonly column: string | null
  readonly nonUnique: number | string
}

export interface KeyRow extends InTable {
  readonly key: string
  readonly column: string
  readonly toSchema: string
  readonly toTable: string
  readonly toColumn: string
}

export interface ViewRow {
  readonly schema: string
  readonly name: string
  readonly text: string | null
}

/** Databases of the server itself. */
const systemSchemas = `'information_schema', 'performance_schema', 'mysql', 'sys'`

export async function readRows(
  connection: Connection,
  database: string | undefined,
): Promise<Rows> {
  const isIn = database === undefined ? `NOT IN (${systemSchemas})` : '= ?'
  const ask = <Row>(sql: string): Promise<Row[]> =>
    connection.ask(
      sql.replace('{{where}}', `TABLE_SCHEMA ${isIn}`),
      database === undefined ? [] : [database],
    )
  const [setting] = await connection.ask<{ value: number }>(
    'SELECT @@lower_case_table_names AS value',
  )
  return {
    foldsTableNames: Number(setting?.value) !== 0,
    tables: await ask<TableRow>(tablesSql),
    columns: await ask<ColumnRow>(columnsSql),
    indexes: await ask<IndexRow>(indexesSql),
    keys: await ask<KeyRow>(keysSql),
    views: await connection.ask<ViewRow>(viewsSql),
    routines: await readRoutines(connection),
  }
}

const tablesSql = `
  SELECT TABLE_SCHEMA AS \`schema\`, TABLE_NAME AS \`table\`, TABLE_TYPE AS type, ENGINE AS engine,
    TABLE_ROWS AS \`rows\`, TABLE_COMMENT AS comment
  FROM information_schema.TABLES WHERE {{where}} ORDER BY TABLE_SCHEMA, TABLE_NAME`

const columnsSql = `
  SELECT TABLE_SCHEMA AS \`schema\`, TABLE_NAME AS \`table\`, COLUMN_NAME AS name, COLUMN_TYPE AS type,
    IS_NULLABLE AS nullable, EXTRA AS extra, COLUMN_COMMENT AS comment,
    GENERATION_EXPRESSION AS generation, COLUMN_DEFAULT AS \`default\`
  FROM information_schema.COLUMNS WHERE {{where}} ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION`

const indexesSql = `
  SELECT TABLE_SCHEMA AS \`schema\`, TABLE_NAME AS \`table\`, INDEX_NAME AS \`index\`,
    COLUMN_NAME AS \`column\`, NON_UNIQUE AS nonUnique
  FROM information_schema.STATISTICS WHERE {{where}}
  ORDER BY TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`

const keysSql = `
  SELECT TABLE_SCHEMA AS \`schema\`, TABLE_NAME AS \`table\`, CONSTRAINT_NAME AS \`key\`,
    COLUMN_NAME AS \`column\`, REFERENCED_TABLE_SCHEMA AS toSchema, REFERENCED_TABLE_NAME AS toTable,
    REFERENCED_COLUMN_NAME AS toColumn
  FROM information_schema.KEY_COLUMN_USAGE
  WHERE {{where}} AND REFERENCED_TABLE_NAME IS NOT NULL
  ORDER BY TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION`

/** Of every database: a view may read another one's. */
const viewsSql = `
  SELECT TABLE_SCHEMA AS \`schema\`, TABLE_NAME AS name, VIEW_DEFINITION AS text
  FROM information_schema.VIEWS WHERE TABLE_SCHEMA NOT IN (${systemSchemas})`

/** Loaded functions are listed where only an administrator may look; they are in no list of ours anyway. */
async function readRoutines(connection: Connection): Promise<string[]> {
  const stored = await connection.ask<{ name: string }>(
    `SELECT ROUTINE_NAME AS name FROM information_schema.ROUTINES
     WHERE ROUTINE_TYPE <> 'PROCEDURE' AND ROUTINE_SCHEMA NOT IN ('sys', 'mysql')`,
  )
  const loaded = await connection
    .ask<{ name: string }>('SELECT name FROM mysql.func')
    .catch(() => [])
  return [...stored, ...loaded].map(({ name }) => name)
}
