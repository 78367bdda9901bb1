import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import { AppError } from '../../base/error.ts'
import type { Catalog, Column, ForeignKey, Index, Table } from '../catalog.ts'
import type { Connection } from './connection.ts'
import { heaviestView, type View } from './heaviest-view.ts'
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
  return connection.snapshot(() => {
    const { database, version } = connection
    refuseHeavyViews(database)
    const statistics = readStatistics(database)
    const tables = select<TableRow>(
      database,
      `SELECT l.name, l.type, l.wr, s.sql FROM pragma_table_list AS l
       LEFT JOIN sqlite_schema AS s ON s.name = l.name AND s.type IN ('table', 'view')
       WHERE l.schema = 'main' AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY l.name`,
    )
    const engine = `SQLite ${select<{ v: string }>(database, 'SELECT sqlite_version() AS v')[0]?.v}`
    return {
      version,
      engine,
      tables: tables.map((row) => readTable(database, row, statistics)),
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

function readTable(database: DatabaseSyncInstance, row: TableRow, statistics: Statistics): Table {
  const { name, type, sql } = row
  return {
    name,
    kind: type,
    columns: tolerantly(() => readColumns(database, name)),
    foreignKeys: tolerantly(() => readForeignKeys(database, name)),
    indexes: tolerantly(() => readIndexes(database, name)),
    estimatedRows: type === 'table' ? (statistics.get(name) ?? estimateRows(database, row)) : null,
    definition: sql,
  }
}

/** A view over a table that is gone, or a virtual table whose module is not here, has no columns to show. */
function tolerantly<T>(read: () => T[]): T[] {
  try {
    return read()
  } catch {
    return []
  }
}

interface ColumnRow {
  readonly name: string
  readonly type: string
  readonly notnull: number
  readonly pk: number
  /** 1: of a virtual table and not in `*`; 2 and 3: generated. */
  readonly hidden: number
}

const readColumns = (database: DatabaseSyncInstance, table: string): Column[] =>
  select<ColumnRow>(
    database,
    'SELECT name, type, "notnull", pk, hidden FROM pragma_table_xinfo(?)',
    table,
  )
    .filter(({ hidden }) => hidden !== 1)
    .map(({ name, type, notnull, pk, hidden }) => ({
      name,
      type: type.toLowerCase(),
      nullable: notnull === 0 && pk === 0,
      keyPosition: pk,
      generated: hidden > 1,
    }))

interface KeyRow {
  readonly id: number
  readonly table: string
  readonly from: string
  readonly to: string | null
}

function readForeignKeys(database: DatabaseSyncInstance, table: string): ForeignKey[] {
  const rows = select<KeyRow>(
    database,
    'SELECT id, "table", "from", "to" FROM pragma_foreign_key_list(?) ORDER BY id, seq',
    table,
  )
  return groupBy(rows, ({ id }) => id).map((key) => ({
    columns: key.map(({ from }) => from),
    table: key[0]?.table ?? '',
    references: key.flatMap(({ to }) => to ?? []),
  }))
}

interface IndexRow {
  readonly index: string
  readonly unique: number
  /** Null for an expression. */
  readonly column: string | null
}

function readIndexes(database: DatabaseSyncInstance, table: string): Index[] {
  const rows = select<IndexRow>(
    database,
    `SELECT l.name AS "index", l."unique", i.name AS "column"
     FROM pragma_index_list(?) AS l, pragma_index_info(l.name) AS i ORDER BY l.seq, i.seqno`,
    table,
  )
  return groupBy(rows, ({ index }) => index).map((index) => ({
    columns: index.map(({ column }) => column ?? '(expression)'),
    unique: index[0]?.unique === 1,
  }))
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

function select<Row>(database: DatabaseSyncInstance, sql: string, ...parameters: string[]): Row[] {
  return database.prepare(sql).all(...parameters) as Row[]
}

function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string | number): Row[][] {
  const groups = new Map<string | number, Row[]>()
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row])
  return [...groups.values()]
}
