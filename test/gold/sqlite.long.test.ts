import { DatabaseSync } from '@photostructure/sqlite'
import { describe, expect, test } from 'vitest'
import {
  type DefogSchema,
  type GoldQuery,
  hasCorpus,
  readCorpus,
  readLines,
  type SpiderSchema,
} from '../support/corpus.ts'
import { inTurns } from '../support/in-turns.ts'
import { openTestSource, run } from '../support/open.ts'
import { makeDatabase } from '../support/scratch.ts'

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** SQLite makes sqlite_sequence itself. */
const toTable = (name: string, columns: readonly string[]): string =>
  name.startsWith('sqlite_')
    ? ''
    : `CREATE TABLE IF NOT EXISTS ${quote(name)}(${columns.map(quote).join(', ')});`

function spiderSql(schemas: readonly SpiderSchema[], db: string): string {
  const schema = schemas.find(({ db_id: id }) => id === db)
  const columnsOf = (table: number): string[] =>
    (schema?.column_names_original ?? [])
      .filter(([owner]) => owner === table)
      .map(([, name]) => name)
  return (schema?.table_names_original ?? [])
    .map((name, index) => toTable(name, columnsOf(index)))
    .join('\n')
}

function defogSql(db: string): string {
  const schema = JSON.parse(readCorpus(`gold/defog-postgres-data/${db}.json`)) as DefogSchema
  return Object.entries(schema.table_metadata)
    .map(([table, columns]) =>
      toTable(
        table,
        columns.map(({ column_name: name }) => name),
      ),
    )
    .join('\n')
}

/** Undefined where the raw engine runs it; its message where it does not. */
function rawFailure(path: string, sql: string): string | undefined {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    database.prepare(sql).all()
    return undefined
  } catch (error) {
    return (error as Error).message
  } finally {
    database.close()
  }
}

async function compare(
  sql: string,
  queries: readonly GoldQuery[],
): Promise<{ ran: number; refused: string[] }> {
  const path = makeDatabase(sql)
  const served = await openTestSource(path)
  const runnable = queries.filter((query) => rawFailure(path, query.sql) === undefined)
  const refused: string[] = []
  for (const query of runnable) {
    await run(served, query.sql).catch((error: Error) =>
      refused.push(`${query.id} ${error.message} ${query.sql}`),
    )
  }
  return { ran: runnable.length, refused }
}

const byDatabase = (queries: readonly GoldQuery[]): [string, GoldQuery[]][] =>
  [...new Set(queries.map(({ db }) => db))].map((db) => [
    db,
    queries.filter((query) => query.db === db),
  ])

describe.runIf(hasCorpus)('public questions people wrote SQL for', () => {
  test('every query of Spider that the raw engine runs is answered', async () => {
    const schemas = JSON.parse(readCorpus('gold/spider-tables.json')) as SpiderSchema[]
    const queries = byDatabase(readLines<GoldQuery>('gold/spider.jsonl'))
    const results = await inTurns(queries, ([db, all]) => compare(spiderSql(schemas, db), all))
    expect(results.flatMap(({ refused }) => refused)).toEqual([])
    expect(results.reduce((sum, { ran }) => sum + ran, 0)).toBeGreaterThan(400)
  }, 60_000)

  test('every query of defog for SQLite that the raw engine runs is answered', async () => {
    const queries = readLines<GoldQuery>('gold/defog.jsonl').filter(
      ({ dialect }) => dialect === 'sqlite',
    )
    const results = await inTurns(byDatabase(queries), ([db, all]) => compare(defogSql(db), all))
    expect(results.flatMap(({ refused }) => refused)).toEqual([])
    expect(results.reduce((sum, { ran }) => sum + ran, 0)).toBeGreaterThan(400)
  }, 60_000)
})
