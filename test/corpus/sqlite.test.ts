import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { WhenDone } from '../../dist/testing/index.js'
import { readCorpus } from '../support/corpus.ts'
import { type CorpusFixture, testCorpus } from '../support/corpus-suite.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'

const canary = 'CANARY-7c1e'

testCorpus({ engine: 'sqlite', make, canary, atLeast: { reject: 80, allow: 40, bounded: 20 } })

/** The fixture, and beside it files that no answer may ever show. */
async function make(whenDone: WhenDone): Promise<CorpusFixture> {
  const folder = scratchFolder(whenDone)
  const home = join(folder, 'database')
  mkdirSync(home)
  const database = makeDatabase(readCorpus('fixture.sqlite.sql'), join(home, 'fixture.db'))
  writeFileSync(join(folder, 'secret.csv'), `id,v\n1,${canary}\n`)
  writeFileSync(join(folder, 'secret.json'), JSON.stringify([{ v: canary }]))
  makeDatabase(`CREATE TABLE t(v); INSERT INTO t VALUES ('${canary}')`, join(folder, 'secret.db'))
  return {
    url: `sqlite:${database}`,
    fill: (sql) => sql.replaceAll('{{FX}}', folder).replaceAll('{{DB}}', database),
    state: async () => stateOf(folder),
  }
}

const stateOf = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => `${name} ${hashOf(join(folder, name))}`)
    .join('\n')

const hashOf = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex')
