import { setTimeout as pause } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { startHttpServer } from '../support/http-server.ts'
import { askAs, type Asking, endOf, type JobAnswer, writeJobsConfig } from '../support/jobs.ts'
import { hasPostgres, makePostgres } from '../support/postgres.ts'
import { hasRedisServer, makeRedis } from '../support/redis.ts'

const durable = ['--appendonly', 'yes', '--appendfsync', 'always']
const patience = { timeout: 20_000, interval: 100 }

/** Different each time; as slow as that every time. */
const slow = (index: number): string =>
  `SELECT ${index} AS i, count(*) AS n FROM generate_series(1, 600000)`

const readinessOf = async (url: URL): Promise<object> => {
  const response = await fetch(new URL('/readyz', url))
  return { code: response.status, ...((await response.json()) as object) }
}

/** Asks slow questions one after another; what each was answered at once. */
function load(asks: readonly Asking[]): { readonly end: () => Promise<readonly JobAnswer[]> } {
  const answers: JobAnswer[] = []
  const ending = new AbortController()
  const callers = asks.map(async (ask, caller) => {
    for (let index = 0; !ending.signal.aborted; index += 1) {
      answers.push(await ask('query_database', { query: slow(caller * 1000 + index) }))
      await pause(50)
    }
  })
  return {
    async end() {
      ending.abort()
      await Promise.all(callers)
      return answers
    },
  }
}

test.skipIf(!hasRedisServer || !hasPostgres)(
  'a Redis that is stopped and started again under load: nothing that was acknowledged is lost, and fast calls go on',
  async () => {
    const database = await makePostgres()
    const redis = await makeRedis(...durable)
    const { config } = writeJobsConfig({
      url: database.url(),
      limits: 'timeout: 100ms, concurrent_jobs: 4',
      jobs: ', per_actor: 1000',
      store: redis.url,
    })
    const [one, other] = await Promise.all([startHttpServer(config), startHttpServer(config)])
    const [here, there] = [askAs(one.url), askAs(other.url)]
    const asked = load([here, there, here, there])
    await pause(2500)
    await redis.stop()
    const meanwhile = await readiness(one.url, ['jobs'])
    expect(meanwhile).toMatchObject({ code: 200, status: 'ready', degraded: ['jobs'] })
    for (const ask of [here, there]) {
      expect(await ask('query_database', { query: 'SELECT 1' })).toMatchObject({ rows: [[1]] })
      expect(await ask('get_job_status', { job_id: '0'.repeat(32) })).toMatchObject({
        error: { code: 'source_unavailable' },
      })
    }
    await redis.start(...durable)
    await readiness(one.url, [])
    await pause(1000)
    const answers = await asked.end()
    const errors = new Set(answers.flatMap(({ error }) => error?.code ?? []))
    expect([...errors]).toEqual(['source_unavailable'])
    const ids = answers.flatMap(({ job }) => job?.id ?? [])
    expect(ids.length).toBeGreaterThan(3)
    for (const id of ids)
      expect(await endOf(there, id)).toMatchObject({ rows: [[expect.any(Number), 600_000]] })
  },
  60_000,
)

const readiness = (url: URL, degraded: readonly string[]): Promise<object> =>
  vi.waitFor(async () => {
    const said = await readinessOf(url)
    expect(said).toMatchObject({ degraded })
    return said
  }, patience)
