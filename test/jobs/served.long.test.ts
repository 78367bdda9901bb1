import { existsSync, readFileSync } from 'node:fs'
import { platform } from 'node:os'
import { expect, test, vi } from 'vitest'
import { startHttpServer } from '../support/http-server.ts'
import { askAs, type Asking, endOf, startJob, writeJobsConfig } from '../support/jobs.ts'
import { hasPostgres, makePostgres, type TestDatabase } from '../support/postgres.ts'
import { makeDatabase } from '../support/scratch.ts'
import { serveHere } from '../support/serve-here.ts'
import { RawServer } from '../support/serve.ts'

const countTo = (most: number): string =>
  `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${most}) SELECT count(*) FROM n`

const endless = 'SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b'

const running = (database: TestDatabase): Promise<unknown[][]> =>
  database.run(
    `SELECT query FROM pg_stat_activity
     WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()`,
  )

const idle = (database: TestDatabase): Promise<void> =>
  vi.waitFor(async () => expect(await running(database)).toEqual([]), { timeout: 10_000 })

/** The server itself, not its workers; what Linux alone tells. */
const hasLoadedSqlite = (pid: number | undefined): boolean =>
  platform() === 'linux' && readFileSync(`/proc/${pid}/maps`, 'utf8').includes('sqlite')

test('over stdio: nothing is kept or loaded for a fast call, and a slow one goes on to its rows', async () => {
  const { config, store } = writeJobsConfig({
    url: `sqlite:${makeDatabase('SELECT 1')}`,
    limits: 'timeout: 800ms',
  })
  const server = new RawServer(config)
  await server.initialize()
  let id = 0
  const ask: Asking = async (tool, input) => {
    const { result } = await server.call(++id, tool, input)
    return (result as { structuredContent: object }).structuredContent
  }
  // Its process is started: that may take longer than the call waits.
  await ask('get_schema', {})
  expect(await ask('query_database', { query: 'SELECT 1' })).toMatchObject({ rows: [[1]] })
  expect(existsSync(store)).toBe(false)
  expect(hasLoadedSqlite(server.process.pid)).toBe(false)
  const job = await startJob(ask, countTo(8_000_000))
  expect(existsSync(store)).toBe(true)
  expect(hasLoadedSqlite(server.process.pid)).toBe(platform() === 'linux')
  expect(await ask('query_database', { query: 'SELECT 2' })).toMatchObject({ rows: [[2]] })
  expect(await endOf(ask, job)).toMatchObject({ rows: [[8_000_000]], row_count: 1 })
  expect(await ask('get_job_status', { job_id: job })).toMatchObject({ rows: [[8_000_000]] })
  server.process.stdin.end()
  expect(await server.ended()).toBe(0)
})

test('an error of a job is told as that of a call', async () => {
  const { config } = writeJobsConfig({
    url: `sqlite:${makeDatabase('SELECT 1')}`,
    limits: 'timeout: 300ms, job_timeout: 1s',
  })
  const ask = askAs(await serveHere({ config }))
  const job = await startJob(ask, countTo(1e12))
  expect(await endOf(ask, job)).toMatchObject({ error: { code: 'timed_out' } })
})

test('a long result comes page by page', async () => {
  const { config } = writeJobsConfig({
    url: `sqlite:${makeDatabase('SELECT 1')}`,
    limits: 'timeout: 300ms, answer: 2000',
  })
  const ask = askAs(await serveHere({ config }))
  const query = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000000)
    SELECT i FROM n WHERE i % 16000 = 0`
  const { job } = await ask('query_database', { query, limit: 500 })
  let page = await endOf(ask, job?.id ?? '')
  const rows = [...(page.rows ?? [])]
  for (let pages = 1; 'next_cursor' in page && pages < 10; pages++) {
    page = await ask('get_job_status', { job_id: job?.id, cursor: page.next_cursor })
    rows.push(...(page.rows ?? []))
  }
  expect(rows.map(([value]) => value)).toEqual(rows.map((_row, index) => (index + 1) * 16_000))
  expect(rows.length).toBeGreaterThan(100)
  const none = await ask('get_job_status', { job_id: job?.id, cursor: '99' })
  expect(none).toMatchObject({ error: { code: 'job_not_found' } })
})

test.runIf(hasPostgres)(
  'a job is its own: others find and end nothing, and cannot tell',
  async () => {
    const database = await makePostgres()
    const { config } = writeJobsConfig({ url: database.url(), limits: 'timeout: 300ms' }, [
      'ana',
      'ben',
    ])
    const url = await serveHere({ config })
    const [ana, ben] = [askAs(url, 'ana'), askAs(url, 'ben')]
    const id = await startJob(ana, endless)
    for (const tool of ['get_job_status', 'cancel_job']) {
      const foreign = await ben(tool, { job_id: id })
      expect(foreign).toMatchObject({ error: { code: 'job_not_found' } })
      expect(await ben(tool, { job_id: '0'.repeat(32) })).toEqual(foreign)
    }
    expect(await ana('get_job_status', { job_id: id, wait_ms: 0 })).toMatchObject({
      job: { id, status: 'running' },
    })
    expect(await ana('cancel_job', { job_id: id })).toEqual({ job: { id, status: 'cancelled' } })
    expect(await endOf(ana, id)).toMatchObject({ job: { id, status: 'cancelled' } })
    await idle(database)
  },
)

test.runIf(hasPostgres)(
  'the same question is the same job, in whatever process it is asked',
  async () => {
    const database = await makePostgres()
    const { config } = writeJobsConfig({ url: database.url(), limits: 'timeout: 300ms' }, [
      'ana',
      'ben',
    ])
    const [one, other] = await Promise.all([startHttpServer(config), startHttpServer(config)])
    const id = await startJob(askAs(one.url, 'ana'), endless)
    expect(await startJob(askAs(one.url, 'ana'), endless)).toBe(id)
    expect(await startJob(askAs(other.url, 'ana'), endless)).toBe(id)
    await vi.waitFor(async () => expect(await running(database)).toHaveLength(1), {
      timeout: 10_000,
    })
    expect(await startJob(askAs(other.url, 'ben'), endless)).not.toBe(id)
    // It runs in the other process.
    await askAs(other.url, 'ana')('cancel_job', { job_id: id })
    await vi.waitFor(async () => expect(await running(database)).toHaveLength(1), {
      timeout: 10_000,
    })
  },
)

test.runIf(hasPostgres)('jobs wait for a place, in order, while calls are answered', async () => {
  const database = await makePostgres()
  const { config } = writeJobsConfig({
    url: database.url(),
    limits: 'timeout: 300ms, concurrent: 1, concurrent_jobs: 1',
    jobs: ', per_actor: 2',
  })
  const ask = askAs(await serveHere({ config }))
  const first = await startJob(ask, endless)
  const second = await startJob(ask, `${endless} WHERE a < 100`)
  expect(await ask('get_job_status', { job_id: second, wait_ms: 0 })).toMatchObject({
    job: { status: 'queued', position: 1 },
  })
  expect(await ask('query_database', { query: 'SELECT 1' })).toMatchObject({ rows: [[1]] })
  const tooMany = await ask('query_database', { query: `${endless} WHERE a < 2000` })
  expect(tooMany).toMatchObject({ error: { code: 'timed_out' } })
  expect(tooMany.error?.hint).toContain(first)
  await ask('cancel_job', { job_id: first })
  expect(await endOf(ask, second)).toMatchObject({ rows: [[9_900_000]] })
  await idle(database)
})

test.runIf(hasPostgres)(
  'a job is given back by a server that ends, and begun by the next',
  async () => {
    const database = await makePostgres()
    const { config } = writeJobsConfig({ url: database.url(), limits: 'timeout: 300ms' })
    const first = await startHttpServer(config)
    const id = await startJob(askAs(first.url), `${endless} WHERE a < 100`)
    const second = await startHttpServer(config)
    first.process.kill('SIGINT')
    expect(await first.ended()).toBe(0)
    expect(await endOf(askAs(second.url), id)).toMatchObject({ rows: [[9_900_000]] })
  },
)

test('where jobs cannot be kept, a slow statement ends with its call, and the log says why', async () => {
  const file = makeDatabase('SELECT 1')
  const { config } = writeJobsConfig({
    url: `sqlite:${file}`,
    limits: 'timeout: 300ms',
    store: `sqlite:${file}/jobs.db`,
  })
  const server = await startHttpServer(config)
  const answer = await askAs(server.url)('query_database', { query: countTo(1e12) })
  expect(answer).toMatchObject({ error: { code: 'timed_out' } })
  expect(answer.error?.hint).toContain('jobs.store')
  expect(server.stderr()).toMatch(/vitrine: Error: (?:ENOTDIR|EEXIST)/)
})
