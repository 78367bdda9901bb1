import { chmodSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { describe } from 'vitest'
import type { WhenDone } from '../../dist/testing/index.js'
import { readCorpus } from '../support/corpus.ts'
import { type CorpusFixture, testCorpus } from '../support/corpus-suite.ts'
import {
  asSuperuser,
  hasPostgres,
  makePostgres,
  randomName,
  server,
  type TestDatabase,
} from '../support/postgres.ts'
import { stateOf } from '../support/postgres-state.ts'
import { scratchFolder } from '../support/scratch.ts'

const canary = 'TOPSECRET-CANARY-91f3'

describe.runIf(hasPostgres)('asked as a superuser', () => {
  testCorpus({ engine: 'postgres', make, canary, atLeast: { reject: 200, allow: 70, bounded: 15 } })
})

/** The fixture with roles of its own, and a folder that the server may write to. */
async function make(whenDone: WhenDone): Promise<CorpusFixture> {
  const folder = scratchFolder(whenDone)
  writeFileSync(join(folder, 'secret.csv'), `id,v\n1,${canary}\n`)
  chmodSync(folder, 0o777)
  const [reader, victim] = [randomName(), randomName()]
  for (const role of [reader, victim]) {
    whenDone(async () => {
      await asSuperuser(`DROP ROLE IF EXISTS ${role}`)
    })
  }
  const fill = (sql: string): string =>
    sql
      .replaceAll('{{FX}}', folder)
      .replaceAll('{{PGPORT}}', String(server.port))
      .replaceAll('mcp_ro', reader)
      .replaceAll('victim', victim)
  const database = await makePostgres(fill(readCorpus('fixture.postgres.sql')), whenDone)
  const watching = await watch(database, whenDone)
  return {
    url: database.url(),
    fill,
    state: async () => `${readdirSync(folder).toSorted().join()} ${await stateOf(watching)}`,
  }
}

/** A connection that stays: the state is asked for after every statement. */
async function watch(
  database: TestDatabase,
  whenDone: WhenDone,
): Promise<Pick<TestDatabase, 'name' | 'run'>> {
  const client = new pg.Client(database.url())
  await client.connect()
  whenDone(() => client.end())
  const run = async (text: string): Promise<unknown[][]> =>
    (await client.query<unknown[]>({ text, rowMode: 'array' })).rows
  return { name: database.name, run }
}
