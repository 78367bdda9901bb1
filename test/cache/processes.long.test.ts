import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { DatabaseSync } from '@photostructure/sqlite'
import { describe, expect, test, vi } from 'vitest'
import { vitrine } from '../support/command.ts'
import { type HttpServer, modernCall, startHttpServer } from '../support/http-server.ts'
import { makePostgres, hasPostgres } from '../support/postgres.ts'
import { hasRedisServer, makeRedis } from '../support/redis.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { RawServer } from '../support/serve.ts'

type Answer = Readonly<Record<string, unknown>>

const ask = async ({ url }: HttpServer, name: string, input: object = {}): Promise<Answer> => {
  const response = await modernCall(url, [name, input])
  const { result } = (await response.json()) as { result: { structuredContent: Answer } }
  return result.structuredContent
}

const count = { query: 'SELECT count(*) FROM t' }
const countOn = (server: HttpServer): Promise<Answer> => ask(server, 'query_database', count)

/** A config over a table that a test changes behind its back. */
function writeConfig(cache = ''): { config: string; change: (sql: string) => void } {
  const folder = scratchFolder()
  const path = makeDatabase('CREATE TABLE t(a); INSERT INTO t VALUES (1)', join(folder, 'test.db'))
  const config = join(folder, 'vitrine.yaml')
  writeFileSync(
    config,
    `sources: { main: { url: 'sqlite:./test.db', limits: { timeout: 30s, job_timeout: 0s }, cache: { results: 1h } } }\n${cache}\n`,
  )
  const change = (sql: string): void => {
    const database = new DatabaseSync(path)
    database.exec(sql)
    database.close()
  }
  return { config, change }
}

/** Until it is given again, so that there is something to drop. */
const warm = (server: HttpServer): Promise<void> =>
  vi.waitFor(async () => expect(await countOn(server)).toHaveProperty('cached'), {
    timeout: 10_000,
  })

const untilDropped = (server: HttpServer, rows: number): Promise<void> =>
  vi.waitFor(async () => expect(await countOn(server)).toMatchObject({ rows: [[rows]] }), {
    timeout: 15_000,
    interval: 100,
  })

describe('processes of one machine', () => {
  test('vitrine cache clear reaches every server of the config, over HTTP and stdio', async () => {
    const { config, change } = writeConfig()
    const [one, other] = await Promise.all([startHttpServer(config), startHttpServer(config)])
    const local = new RawServer(config)
    await local.initialize()
    await Promise.all([warm(one), warm(other)])
    const kept = async (id: number) => JSON.stringify(await local.query(id, count.query))
    let id = 0
    await vi.waitFor(async () => expect(await kept(++id)).toMatch(/"cached"/), { timeout: 10_000 })
    change('INSERT INTO t VALUES (2)')
    expect(await countOn(other)).toMatchObject({ rows: [[1]] })
    const cleared = await vitrine(['cache', 'clear', config, '--scope', 'results', '--json'])
    expect(cleared).toMatchObject({ code: 0 })
    expect(JSON.parse(cleared.stdout)).toEqual({ scope: 'results' })
    await Promise.all([untilDropped(one, 2), untilDropped(other, 2)])
    await vi.waitFor(async () => expect(await kept(++id)).toMatch(/\[\[2\]\]/), { timeout: 15_000 })
  }, 60_000)

  test('refresh_cache of one worker reaches the others', async () => {
    const { config, change } = writeConfig()
    const server = await startHttpServer(config, { args: ['--workers', '2'] })
    await warm(server)
    change('INSERT INTO t VALUES (2)')
    expect(await ask(server, 'refresh_cache')).toMatchObject({ dropped: { schema: true } })
    await vi.waitFor(async () => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => countOn(server)))
      expect(new Set(answers.map(({ rows }) => JSON.stringify(rows)))).toEqual(new Set(['[[2]]']))
    }, 15_000)
  }, 60_000)

  test('a source that is not there is a mistake', async () => {
    const { config } = writeConfig()
    const { code, stderr } = await vitrine(['cache', 'clear', config, '--source', 'mian'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/unknown_source: There is no source mian\.\n {2}Sources: main\./)
    const wrong = await vitrine(['cache', 'clear', config, '--scope', 'everything'])
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/schema, results, all/) })
  })
})

describe.skipIf(!hasRedisServer)('processes that share a Redis', () => {
  test('tell one another, and say who heard it', async () => {
    const redis = await makeRedis()
    const { config, change } = writeConfig(`cache: { store: '${redis.url}' }`)
    const [one, other] = await Promise.all([startHttpServer(config), startHttpServer(config)])
    await Promise.all([warm(one), warm(other)])
    change('INSERT INTO t VALUES (2)')
    expect(await ask(one, 'refresh_cache', { scope: 'results' })).toMatchObject({
      dropped: { schema: false, results: 1 },
    })
    await untilDropped(other, 2)
    change('INSERT INTO t VALUES (3)')
    const { code, stdout } = await vitrine(['cache', 'clear', config])
    expect(code).toBe(0)
    expect(stdout).toBe('Told 2 processes to forget the schema and the answers of main.\n')
    await Promise.all([untilDropped(one, 3), untilDropped(other, 3)])
  }, 60_000)

  test('while it is gone every process goes by its own time, and after that forgets what it holds', async () => {
    const redis = await makeRedis()
    const { config, change } = writeConfig(`cache: { store: '${redis.url}' }`)
    const server = await startHttpServer(config)
    await warm(server)
    await redis.stop()
    change('INSERT INTO t VALUES (2)')
    expect(await countOn(server)).toMatchObject({ rows: [[1]], cached: {} })
    const cleared = await vitrine(['cache', 'clear', config])
    expect(cleared).toMatchObject({ code: 1, stderr: expect.stringMatching(/source_unavailable/) })
    await vi.waitFor(() => expect(server.stderr()).toMatch(/store of the cache does not answer/), {
      timeout: 10_000,
    })
    const refreshed = await ask(server, 'refresh_cache')
    expect(refreshed).toMatchObject({
      dropped: { results: 1 },
      hint: expect.stringMatching(/Redis/),
    })
    expect(await countOn(server)).toMatchObject({ rows: [[2]] })
    await warm(server)
    change('INSERT INTO t VALUES (3)')
    await redis.start()
    await untilDropped(server, 3)
    expect(server.stderr().match(/does not answer/g)).toHaveLength(1)
  }, 60_000)

  test.skipIf(!hasPostgres)(
    'a schema that one finds changed is read anew by the others',
    async () => {
      const [redis, database] = await Promise.all([
        makeRedis(),
        makePostgres('CREATE TABLE t(a int)'),
      ])
      const config = join(scratchFolder(), 'vitrine.yaml')
      writeFileSync(
        config,
        `sources: { main: { url: '${database.url()}', limits: { timeout: 30s, job_timeout: 0s }, cache: { schema: 1h } } }
cache: { store: '${redis.url}' }
`,
      )
      const [one, other] = await Promise.all([startHttpServer(config), startHttpServer(config)])
      const star = { query: 'SELECT * FROM t' }
      for (const server of [one, other])
        expect(await ask(server, 'query_database', star)).toMatchObject({ columns: ['a'] })
      await database.run('CREATE TABLE u(b int)')
      await pause(2100)
      // It names what the schema does not have, and is judged again.
      expect(await ask(one, 'query_database', { query: 'SELECT b FROM u' })).toMatchObject({
        rows: [],
      })
      await vi.waitFor(
        async () =>
          expect(await ask(other, 'query_database', { query: 'SELECT b FROM u' })).toMatchObject({
            rows: [],
          }),
        10_000,
      )
    },
    60_000,
  )
})
