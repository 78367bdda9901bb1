import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { WhenDone } from '../../dist/testing/index.js'
import { type CorpusStatement, hasCorpus, readCorpus, readLines } from '../support/corpus.ts'
import { type CorpusFixture, testCorpus } from '../support/corpus-suite.ts'
import { folderState, makeDuckdb } from '../support/duckdb.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { RawServer } from '../support/serve.ts'

const canary = 'TOPSECRET-CANARY-91f3'

testCorpus({
  engine: 'duckdb',
  make,
  canary,
  atLeast: { reject: 90, allow: 45, bounded: 15 },
  elsewhere: 'files',
})

/** The database with its data folder, and beside them files that no answer may ever show. */
async function make(
  whenDone: WhenDone = onTestFinished,
): Promise<CorpusFixture & { readonly data: string }> {
  const folder = scratchFolder(whenDone)
  const [home, data] = [join(folder, 'duck'), join(folder, 'duck', 'data')]
  mkdirSync(data, { recursive: true })
  writeFileSync(join(folder, 'secret.csv'), `id,v\n1,${canary}\n`)
  writeFileSync(join(folder, 'secret.json'), JSON.stringify([{ v: canary }]))
  makeDatabase(`CREATE TABLE t(v); INSERT INTO t VALUES ('${canary}')`, join(folder, 'secret.db'))
  symlinkSync(join(folder, 'secret.csv'), join(data, 'link_to_secret.csv'))
  const sql = readCorpus('fixture.duckdb.sql').replaceAll('{{DATA}}', data)
  const database = await makeDuckdb(sql, join(home, 'a.duckdb'))
  return {
    url: `duckdb:${database}`,
    data,
    fill: (text) =>
      text.replaceAll('{{FX}}', folder).replaceAll('{{DB}}', database).replaceAll('{{DATA}}', data),
    state: async () => folderState(folder),
  }
}

describe.runIf(hasCorpus)('the same over the folder of data files', () => {
  const statements = hasCorpus ? readLines<CorpusStatement>('statements/duckdb.jsonl') : []

  test('files are read by their paths, what must be refused is, and nothing leaks', async () => {
    const { data, fill, state } = await make()
    const server = new RawServer(`duckdb:${data}`)
    await server.initialize()
    const before = await state()
    const asked = statements.filter(
      ({ expect: is, tags }) => is === 'reject' || tags.includes('files'),
    )
    for (const [index, { id, sql, expect: is }] of asked.entries()) {
      const answer = await server.query(index + 1, fill(sql))
      const { isError = false } = (answer['result'] ?? { isError: true }) as { isError?: boolean }
      expect({ id, sql, isError }).toEqual({ id, sql, isError: is === 'reject' })
      expect(JSON.stringify(answer)).not.toContain(canary)
      expect({ id, state: await state() }).toEqual({ id, state: before })
    }
    expect(asked.length).toBeGreaterThan(90)
  }, 60_000)
})
