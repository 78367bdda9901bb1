import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { type App, createApp } from '../../dist/app/app.js'
import type { Actor } from '../../dist/base/actor.js'
import { defaultConfig, type SourceConfig } from '../../dist/config/config.js'
import { createToolsets } from '../../dist/server/toolsets.js'
import type { Answer } from '../../dist/tools/tool.js'
import { noSignal, sourceConfig } from '../support/open.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'

interface Opened {
  readonly app: App
  readonly change: (sql: string) => void
  readonly ask: (input: object, who?: Partial<Actor>, tool?: string) => Promise<Answer>
}

const ana: Actor = { id: 'ana', claims: { sub: 'ana' }, tools: 'all', sources: 'all' }

/** A server of one table that a test changes behind its back. */
async function open(
  cache: Partial<SourceConfig['cache']>,
  more: Partial<typeof defaultConfig> = {},
): Promise<Opened> {
  const path = makeDatabase('CREATE TABLE t(a TEXT); INSERT INTO t VALUES (1)')
  const app = createApp({ ...defaultConfig, ...more, sources: [sourceConfig(path, { cache })] })
  onTestFinished(() => app.close())
  // A first question does not wait for a schema that is not in memory to look for its answer.
  await app.unreachable(noSignal)
  const toolsetOf = createToolsets(app)
  return {
    app,
    change(sql) {
      const database = new DatabaseSync(path)
      database.exec(sql)
      database.close()
    },
    async ask(input, who = {}, name = 'query_database') {
      const actor = { ...ana, ...who }
      const tool = toolsetOf(actor).tools.get(name)
      if (tool === undefined) throw new Error(`There is no ${name}.`)
      const context = { signal: noSignal, actor }
      const { answer, text } = await app.callTool({
        tool,
        arguments: input,
        context,
        origin: { transport: 'http' },
      })
      expect(JSON.parse(text)).toEqual(answer)
      return answer
    },
  }
}

const count = { query: 'SELECT count(*) FROM t' }
const grow = 'INSERT INTO t VALUES (2)'

test('an answer is given again to the same question, says its age, and is on record as one', async () => {
  const file = join(scratchFolder(), 'audit.jsonl')
  const audit = { file, statements: false, rotateBytes: 1e6, keep: 1, key: undefined } as const
  const { ask, change } = await open(
    { resultsMs: 60_000 },
    { audit: { ...audit, whenAuditFails: 'closed' } },
  )
  const first = await ask(count)
  expect(first).not.toHaveProperty('cached')
  change(grow)
  expect(await ask(count)).toEqual({ ...first, cached: { age_s: expect.any(Number) } })
  // As the tool reads them the arguments are the same.
  expect(await ask({ ...count, limit: '50' })).toMatchObject({ rows: [[1]] })
  expect(await ask({ ...count, limit: 51 })).toMatchObject({ rows: [[2]] })
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  expect(lines.map((line) => 'cached_s' in (JSON.parse(line) as object))).toEqual([
    false,
    true,
    true,
    false,
  ])
})

test('fresh goes around it, and what it brings is given from then on', async () => {
  const { ask, change } = await open({ resultsMs: 60_000 })
  await ask(count)
  change(grow)
  expect(await ask({ ...count, fresh: true })).toEqual(
    expect.not.objectContaining({ cached: expect.anything() }),
  )
  expect(await ask(count)).toMatchObject({ rows: [[2]], cached: {} })
})

test('without a time for results every call asks the database, and fresh is no argument', async () => {
  const { ask, change } = await open({})
  await ask(count)
  change(grow)
  expect(await ask(count)).toMatchObject({ rows: [[2]] })
  await expect(ask({ ...count, fresh: true })).rejects.toMatchObject({ code: 'invalid_input' })
})

test('an answer is its own caller’s, and of what they may do and are known for', async () => {
  const { ask, change } = await open({ resultsMs: 60_000 })
  await ask(count)
  change(grow)
  for (const other of [
    { id: 'ben' },
    { claims: { sub: 'ana', tenant: '7' } },
    { tools: ['query_database'] },
    { sources: ['main'] },
  ])
    expect(await ask(count, other)).toMatchObject({ rows: [[2]] })
  expect(await ask(count)).toMatchObject({ rows: [[1]] })
})

test('a shared answer is given to others too', async () => {
  const { ask, change } = await open({ resultsMs: 60_000, isShared: true })
  await ask(count)
  change(grow)
  expect(await ask(count, { id: 'ben', claims: {} })).toMatchObject({ rows: [[1]], cached: {} })
})

test('errors, and answers with a hint of the moment, are not given again', async () => {
  const { ask, change } = await open({ resultsMs: 60_000 })
  const missing = { query: 'SELECT b FROM u' }
  await expect(ask(missing)).rejects.toMatchObject({ code: 'unknown_table' })
  const none = { query: "SELECT a FROM t WHERE a = '7'" }
  expect(await ask(none)).toMatchObject({ rows: [] })
  change("CREATE TABLE u(b); INSERT INTO t VALUES ('7')")
  await expect.poll(() => ask(missing).catch(() => 'missing')).toMatchObject({ rows: [] })
  expect(await ask({ ...none, limit: 2 })).toMatchObject({ rows: [['7']] })
})

test('no answer of a schema is given for another one', async () => {
  const { ask, change } = await open({ resultsMs: 60_000 })
  const all = { query: 'SELECT * FROM t' }
  expect(await ask(all)).toMatchObject({ columns: ['a'] })
  change('ALTER TABLE t ADD COLUMN b')
  // Another statement finds out about it.
  await ask(count)
  expect(await ask(all)).toMatchObject({ columns: ['a', 'b'] })
})

test('many who ask the same at once are answered by one statement', async () => {
  const { ask } = await open({ resultsMs: 60_000 })
  await ask(count)
  const random = { query: 'SELECT random() AS n FROM t' }
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(random)))
  expect(new Set(answers.map(({ rows }) => JSON.stringify(rows))).size).toBe(1)
})

test('refresh_cache drops both, says what, and does not do so twice at once', async () => {
  const { ask, change } = await open({ resultsMs: 60_000 })
  const first = await ask(count)
  change('CREATE TABLE u(b); INSERT INTO t VALUES (2)')
  const refreshed = await ask({}, {}, 'refresh_cache')
  expect(refreshed).toEqual({
    source: 'main',
    dropped: { schema: true, results: 1 },
    schema_version: expect.any(String),
  })
  expect(await ask(count)).not.toMatchObject({ rows: first['rows'] })
  expect(await ask({ scope: 'results' }, {}, 'refresh_cache')).toMatchObject({
    dropped: { schema: false, results: 0 },
    schema_version: refreshed['schema_version'],
    hint: expect.stringMatching(/a moment ago/),
  })
  expect(await ask(count)).toMatchObject({ cached: {} })
})

const long = (n: number) => ({ query: `SELECT ${n}, printf('%.2000c', 'x') FROM t` })

test('what is kept stays below its bytes, and the least used goes', async () => {
  const { ask, change } = await open(
    { resultsMs: 60_000 },
    { cache: { ...defaultConfig.cache, mostBytes: 100_000 } },
  )
  for (let n = 0; n < 20; n++) await ask(long(n))
  change(grow)
  expect(await ask(long(19))).toMatchObject({ row_count: 1, cached: {} })
  expect(await ask(long(0))).toMatchObject({ row_count: 2 })
})
