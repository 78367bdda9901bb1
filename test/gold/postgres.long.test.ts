import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { type GoldQuery, hasCorpus, readCorpus, readLines } from '../support/corpus.ts'
import { inTurns } from '../support/in-turns.ts'
import { openTestSource, run } from '../support/open.ts'
import { hasPostgres, makePostgres } from '../support/postgres.ts'

interface Compared {
  readonly ran: number
  readonly refused: readonly string[]
}

/** Every query that the raw server runs, asked through guard and driver. */
async function compare(db: string, queries: readonly GoldQuery[]): Promise<Compared> {
  const database = await makePostgres(readCorpus(`gold/defog-postgres-data/${db}.sql`))
  const served = await openTestSource('', { url: database.url() })
  const client = new pg.Client(database.url())
  await client.connect()
  const refused: string[] = []
  let ran = 0
  try {
    for (const { id, sql } of queries) {
      const runs = await client.query(sql).then(
        () => true,
        () => false,
      )
      if (!runs) continue
      ran++
      await run(served, sql).catch((error: Error) => refused.push(`${id} ${error.message} ${sql}`))
    }
  } finally {
    await client.end()
  }
  return { ran, refused }
}

describe.runIf(hasCorpus && hasPostgres)('public questions people wrote SQL for', () => {
  test('every query of defog for PostgreSQL that the raw server runs is answered', async () => {
    const queries = readLines<GoldQuery>('gold/defog.jsonl').filter(
      ({ dialect }) => dialect === 'postgres',
    )
    const names = [...new Set(queries.map(({ db }) => db))]
    const results = await inTurns(names, (db) =>
      compare(
        db,
        queries.filter((query) => query.db === db),
      ),
    )
    expect(results.flatMap(({ refused }) => refused)).toEqual([])
    expect(results.reduce((sum, { ran }) => sum + ran, 0)).toBeGreaterThan(300)
  }, 90_000)
})
