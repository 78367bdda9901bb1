import { createHash } from 'node:crypto'
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type CorpusStatement, hasCorpus, readCorpus, readLines } from './support/corpus.ts'
import { makeDatabase, scratchFolder } from './support/scratch.ts'
import { RawServer } from './support/serve.ts'

const canary = 'CANARY-7c1e'

/** The fixture, and beside it files that no answer may ever show. */
function makeFixture(): { folder: string; database: string } {
  const folder = scratchFolder()
  const home = join(folder, 'database')
  mkdirSync(home)
  const database = makeDatabase(readCorpus('fixture.sqlite.sql'), join(home, 'fixture.db'))
  copyFileSync(database, join(folder, 'template.db'))
  writeFileSync(join(folder, 'secret.csv'), `id,v\n1,${canary}\n`)
  writeFileSync(join(folder, 'secret.json'), JSON.stringify([{ v: canary }]))
  makeDatabase(`CREATE TABLE t(v); INSERT INTO t VALUES ('${canary}')`, join(folder, 'secret.db'))
  return { folder, database }
}

const stateOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}`,
    )

const fill = (sql: string, { folder, database }: { folder: string; database: string }): string =>
  sql.replaceAll('{{FX}}', folder).replaceAll('{{DB}}', database)

type Result = {
  isError?: boolean
  content?: { text: string }[]
  structuredContent?: { truncated?: unknown }
}

const traces = [
  canary,
  Buffer.from(canary).toString('hex'),
  Buffer.from(canary).toString('base64').slice(0, 12),
  'root:x:0',
]

async function ask(server: RawServer, id: number, query: string): Promise<Result> {
  const answer = await server.query(id, query)
  return answer['result'] ?? { isError: true }
}

describe.runIf(hasCorpus)('the shared corpus, through a real server', () => {
  const statements = hasCorpus ? readLines<CorpusStatement>('statements/sqlite.jsonl') : []
  const of = (kind: CorpusStatement['expect']): CorpusStatement[] =>
    statements.filter(({ expect: is }) => is === kind)

  test('what must be refused has no effect, no rows and no canary', async () => {
    const fixture = makeFixture()
    const server = new RawServer(fixture.database)
    await server.initialize()
    const before = stateOf(fixture.folder)
    for (const [index, { id, sql }] of of('reject').entries()) {
      const { isError = false, content } = await ask(server, index + 1, fill(sql, fixture))
      const text = JSON.stringify(content)
      expect({ id, sql, isError, state: stateOf(fixture.folder) }).toEqual({
        id,
        sql,
        isError: true,
        state: before,
      })
      expect(traces.filter((trace) => text.includes(trace))).toEqual([])
    }
    expect(of('reject').length).toBeGreaterThan(80)
  }, 30_000)

  test('what must be allowed is answered', async () => {
    const fixture = makeFixture()
    const server = new RawServer(fixture.database)
    await server.initialize()
    for (const [index, { id, sql }] of of('allow').entries()) {
      const { isError = false, content } = await ask(server, index + 1, fill(sql, fixture))
      expect({ id, sql, isError, content: isError ? content : undefined }).toEqual({
        id,
        sql,
        isError: false,
      })
    }
    expect(of('allow').length).toBeGreaterThan(40)
  }, 30_000)

  test('what must be bounded ends in time, is cut with a notice, and the next question is answered', async () => {
    const fixture = makeFixture()
    const config = join(fixture.folder, 'vitrine.yaml')
    writeFileSync(
      config,
      `sources:\n  fixture:\n    url: sqlite:${fixture.database}\n    limits: { timeout: 2s }\n`,
    )
    const server = new RawServer(config)
    await server.initialize()
    for (const [index, { id, sql, tags }] of of('bounded').entries()) {
      const started = performance.now()
      const {
        isError = false,
        content,
        structuredContent,
      } = await ask(server, index * 2 + 1, fill(sql, fixture))
      expect({ id, sql, late: performance.now() - started > 4000 }).toEqual({
        id,
        sql,
        late: false,
      })
      expect(JSON.stringify(content).length).toBeLessThan(200_000)
      const silent = tags[0] === 'rows' && !isError && structuredContent?.truncated === false
      expect({ id, sql, silent }).toEqual({ id, sql, silent: false })
      expect((await ask(server, index * 2 + 2, 'SELECT 1')).isError).toBeUndefined()
    }
    expect(of('bounded').length).toBeGreaterThan(20)
    rmSync(config)
  }, 60_000)
})
