import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import { groupBy } from '../../base/group-by.ts'
import type { Column, ForeignKey, Index } from '../catalog.ts'

/** 1: of a virtual table and not in `*`; 2 and 3: generated (https://sqlite.org/pragma.html#pragma_table_xinfo). */
type ColumnRow = readonly [name: string, type: string, notNull: 0 | 1, key: number, hidden: number]
type KeyRow = readonly [id: number, table: string, from: string, to: string | null]
/** The column is null for an expression. */
type IndexRow = readonly [index: string, unique: 0 | 1, column: string | null]

export interface TableFacts {
  readonly columns: readonly Column[]
  readonly foreignKeys: readonly ForeignKey[]
  readonly indexes: readonly Index[]
}

/**
 * What SQLite's pragmas tell of a table, each as one JSON value: handing out rows costs the driver more
 * than SQLite takes to find them.
 */
const factsOf = (table: string): string => `
  (SELECT json_group_array(json_array(name, type, "notnull", pk, hidden)) FROM pragma_table_xinfo(${table})),
  (SELECT json_group_array(json_array(id, "table", "from", "to") ORDER BY id, seq)
   FROM pragma_foreign_key_list(${table})),
  (SELECT json_group_array(json_array(x.name, x."unique", i.name) ORDER BY x.seq, i.seqno)
   FROM pragma_index_list(${table}) AS x, pragma_index_info(x.name) AS i)`

type FactRow = readonly [table: string, columns: string, keys: string, indexes: string]

/** The facts of every table by its name; of those that cannot be read, as a view over nothing, none. */
export function readTableFacts(
  database: DatabaseSyncInstance,
  names: readonly string[],
): ReadonlyMap<string, TableFacts> {
  const rows = readAll(database) ?? names.flatMap((name) => readOne(database, name))
  return new Map(rows.map((row) => [row[0], toFacts(row)]))
}

/** All tables in one question; undefined where one of them cannot be read. */
function readAll(database: DatabaseSyncInstance): FactRow[] | undefined {
  try {
    const statement = database.prepare(
      `SELECT l.name, ${factsOf('l.name')} FROM pragma_table_list AS l WHERE l.schema = 'main'`,
    )
    statement.setReturnArrays(true)
    return statement.all() as FactRow[]
  } catch {
    return undefined
  }
}

function readOne(database: DatabaseSyncInstance, name: string): FactRow[] {
  try {
    const statement = database.prepare(`SELECT :name, ${factsOf(':name')}`)
    statement.setReturnArrays(true)
    return statement.all({ name }) as FactRow[]
  } catch {
    return []
  }
}

const toFacts = ([, columns, keys, indexes]: FactRow): TableFacts => ({
  columns: (JSON.parse(columns) as ColumnRow[])
    .filter(([, , , , hidden]) => hidden !== 1)
    .map(([name, type, notNull, key, hidden]) => ({
      name,
      type: type.toLowerCase(),
      nullable: notNull === 0 && key === 0,
      keyPosition: key,
      generated: hidden > 1,
    })),
  foreignKeys: groupedByFirst(JSON.parse(keys) as KeyRow[]).map((key) => ({
    columns: key.map(([, , from]) => from),
    table: key[0]?.[1] ?? '',
    references: key.flatMap(([, , , to]) => to ?? []),
  })),
  indexes: groupedByFirst(JSON.parse(indexes) as IndexRow[]).map((index) => ({
    columns: index.map(([, , column]) => column ?? '(expression)'),
    unique: index[0]?.[1] === 1,
  })),
})

const groupedByFirst = <Row extends readonly unknown[]>(rows: readonly Row[]): Row[][] => [
  ...groupBy(rows, ([first]) => first).values(),
]
