import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import { AppError } from '../../base/error.ts'
import type { Catalog, Table } from '../catalog.ts'
import type { Connection } from './connection.ts'
import { heaviestView, type View } from './heaviest-view.ts'
import { readTableFacts, type TableFacts } from './table-pragmas.ts'
import type { SqliteFacts } from './terms.ts'

/** Tables without statistics are counted up to here, where they have no rowid to go by. */
const countUpTo = 100_000
/** A span of rowids beyond this is no count of rows. */
const mostPlausible = 10_000_000_000
/** Views that one view may stand for. */
const mostViews = 20_000

interface TableRow {
  readonly name: string
  readonly type: 'table' | 'view' | 'virtual' | 'shadow'
  readonly wr: number
  readonly sql: string | null
}

/** Tables, views and virtual tables with all that SQLite knows of them (https://sqlite.org/pragma.html). */
export function readCatalog(connection: Connection): Catalog {
  return connection.unjudged(() => {
    const { database, version } = connection
    refuseHeavyViews(database)
    const tables = select<TableRow>(
      database,
      `SELECT l.name, l.type, l.wr, s.sql FROM pragma_table_list AS l
       LEFT JOIN sqlite_schema AS s ON s.name = l.name AND s.type IN ('table', 'view')
       WHERE l.schema = 'main' AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY l.name`,
    )
    const reading = {
      database,
      statistics: readStatistics(database),
      facts: readTableFacts(
        database,
        tables.map(({ name }) => name),
      ),
    }
    const engine = `SQLite ${select<{ v: string }>(database, 'SELECT sqlite_version() AS v')[0]?.v}`
    return {
      version,
      engine,
      tables: tables.map((row) => readTable(row, reading)),
      facts: readFacts(database),
    }
  })
}

function refuseHeavyViews(database: DatabaseSyncInstance): void {
  const views = select<View>(database, `SELECT name, sql FROM sqlite_schema WHERE type = 'view'`)
  const { name, weight } = heaviestView(views)
  if (weight <= mostViews) return
  throw new AppError(
    'source_unavailable',
    `The view ${name} stands for more than ${mostViews} others; SQLite cannot read the schema.`,
    { hint: 'Tell the person who runs the database: the view must be dropped or made simpler.' },
  )
}

const readFacts = (database: DatabaseSyncInstance): SqliteFacts => ({
  modules: select<{ name: string }>(
    database,
    'SELECT lower(name) AS name FROM pragma_module_list',
  ).map(({ name }) => name),
  triggers: select(
    database,
    `SELECT tbl_name AS "table", sql FROM sqlite_schema WHERE type = 'trigger'`,
  ),
})

interface Reading {
  readonly database: DatabaseSyncInstance
  readonly statistics: Statistics
  readonly facts: ReadonlyMap<string, TableFacts>
}

function readTable(row: TableRow, { database, statistics, facts }: Reading): Table {
  const { name, type, sql } = row
  return {
    name,
    kind: type,
    ...(facts.get(name) ?? { columns: [], foreignKeys: [], indexes: [] }),
    estimatedRows: type === 'table' ? (statistics.get(name) ?? estimateRows(database, row)) : null,
    definition: sql,
  }
}

/** Where ANALYZE never ran there are no statistics, and what cannot be read has no rows to count. */
function tolerantly<T>(read: () => T[]): T[] {
  try {
    return read()
  } catch {
    return []
  }
}

type Statistics = ReadonlyMap<string, number>

/** Row counts that ANALYZE left behind: the first number of `stat` (https://sqlite.org/fileformat2.html#stat1tab). */
function readStatistics(database: DatabaseSyncInstance): Statistics {
  const rows = tolerantly(() =>
    select<{ tbl: string; stat: string }>(database, 'SELECT tbl, stat FROM sqlite_stat1'),
  )
  return new Map(rows.map(({ tbl, stat }) => [tbl, Number.parseInt(stat, 10)]))
}

/**
 * From the first to the last rowid, which are found without reading the table: too many where rows
 * were deleted. Where rowids are no row numbers, or there are none, rows are counted up to a point.
 */
function estimateRows(database: DatabaseSyncInstance, { name, wr }: TableRow): number | null {
  const table = `"${name.replaceAll('"', '""')}"`
  // Each by itself: only then does SQLite look at the ends of the table alone.
  const end = (which: string): string => `(SELECT CAST(${which}(rowid) AS REAL) FROM ${table})`
  const span = `SELECT ${end('max')} - ${end('min')} + 1 AS n`
  const count = `SELECT count(*) AS n FROM (SELECT 1 FROM ${table} LIMIT ${countUpTo})`
  const [spanned = Number.POSITIVE_INFINITY] = wr === 1 ? [] : numbers(database, span)
  if (spanned <= mostPlausible) return spanned
  return numbers(database, count)[0] ?? null
}

const numbers = (database: DatabaseSyncInstance, sql: string): number[] =>
  tolerantly(() => select<{ n: number | null }>(database, sql).map(({ n }) => n ?? 0))

const select = <Row>(database: DatabaseSyncInstance, sql: string): Row[] =>
  database.prepare(sql).all() as Row[]
