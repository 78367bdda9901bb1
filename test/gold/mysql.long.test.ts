import type { Connection } from 'mysql2/promise'
import { describe, expect, test } from 'vitest'
import type { ServedSource } from '../../dist/tools/served-source.js'
import {
  type DefogSchema,
  type GoldQuery,
  hasCorpus,
  readCorpus,
  readLines,
  type SpiderSchema,
} from '../support/corpus.ts'
import { inTurns } from '../support/in-turns.ts'
import {
  describeOnEach,
  makeMysqlDatabase,
  openMysqlSource,
  type TestServer,
} from '../support/mysql.ts'
import { run } from '../support/open.ts'

const quote = (name: string): string => `\`${name}\``

const toTable = (name: string, columns: readonly string[]): string =>
  `CREATE TABLE ${quote(name)} (${columns.join(', ')})`

function spiderTables(schemas: readonly SpiderSchema[], db: string): string[] {
  const schema = schemas.find(({ db_id: id }) => id === db)
  return (schema?.table_names_original ?? []).map((name, index) =>
    toTable(
      name,
      (schema?.column_names_original ?? [])
        .filter(([owner]) => owner === index)
        .map(([, column]) => `${quote(column)} TEXT`),
    ),
  )
}

const types: readonly (readonly [RegExp, string])[] = [
  [/^(?:int|bigint|smallint|serial)/i, 'INT'],
  [/^(?:double|float|real|numeric|decimal)/i, 'DOUBLE'],
  [/^date$/i, 'DATE'],
  [/^timestamp/i, 'DATETIME'],
  [/^bool/i, 'BOOLEAN'],
]

function defogTables(db: string): string[] {
  const schema = JSON.parse(readCorpus(`gold/defog-postgres-data/${db}.json`)) as DefogSchema
  return Object.entries(schema.table_metadata).map(([table, columns]) =>
    toTable(
      table,
      columns.map(({ column_name: name, data_type: type }) => {
        const found = types.find(([pattern]) => pattern.test(type))
        return `${quote(name)} ${found?.[1] ?? 'VARCHAR(255)'}`
      }),
    ),
  )
}

const runsRaw = (admin: Connection, sql: string): Promise<boolean> =>
  admin.query(sql).then(
    () => true,
    () => false,
  )

async function refusedOf(
  admin: Connection,
  served: ServedSource,
  queries: readonly GoldQuery[],
): Promise<{ ran: number; refused: string[] }> {
  const refused: string[] = []
  let ran = 0
  for (const { id, sql } of queries) {
    if (!(await runsRaw(admin, sql))) continue
    ran++
    await run(served, sql).catch((error: Error) => refused.push(`${id} ${error.message} ${sql}`))
  }
  return { ran, refused }
}

/** Every query of a set on tables made for it; how many the raw server runs, and which were refused. */
async function compare(
  server: TestServer,
  queries: readonly GoldQuery[],
  tablesOf: (db: string) => string[],
): Promise<{ ran: number; refused: string[] }> {
  const databases = [...new Set(queries.map((query) => query.db))]
  const results = await inTurns(databases, async (db) => {
    const database = await makeMysqlDatabase(server, tablesOf(db))
    const served = await openMysqlSource(database.url, { concurrency: 1 })
    const asked = queries.filter((query) => query.db === db)
    return refusedOf(database.admin, served, asked)
  })
  return {
    ran: results.reduce((sum, { ran }) => sum + ran, 0),
    refused: results.flatMap(({ refused }) => refused),
  }
}

describeOnEach('public questions people wrote SQL for, on $title', (server) => {
  describe.runIf(hasCorpus)('with the corpus', () => {
    test('every query of defog for MySQL that the raw server runs is answered', async () => {
      const queries = readLines<GoldQuery>('gold/defog.jsonl').filter(
        ({ dialect }) => dialect === 'mysql',
      )
      const { ran, refused } = await compare(server, queries, defogTables)
      expect(refused).toEqual([])
      expect(ran).toBeGreaterThan(350)
    }, 120_000)

    test('every query of Spider that the raw server runs is answered', async () => {
      const schemas = JSON.parse(readCorpus('gold/spider-tables.json')) as SpiderSchema[]
      const queries = readLines<GoldQuery>('gold/spider.jsonl')
      const { ran, refused } = await compare(server, queries, (db) => spiderTables(schemas, db))
      expect(refused).toEqual([])
      expect(ran).toBeGreaterThan(400)
    }, 180_000)
  })
})
