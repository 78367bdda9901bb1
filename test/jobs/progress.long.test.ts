import { expect, test, vi } from 'vitest'
import { runHere } from '../support/command-here.ts'
import { makeDuckdb } from '../support/duckdb.ts'
import { modernCall } from '../support/http-server.ts'
import { askAs, type Asking, startJob, writeJobsConfig } from '../support/jobs.ts'
import { makeMysqlDatabase, servers } from '../support/mysql.ts'
import { hasPostgres, makePostgres } from '../support/postgres.ts'
import { makeDatabase } from '../support/scratch.ts'
import { serveHere } from '../support/serve-here.ts'

const numbers = (name: string, most: string): string =>
  `WITH RECURSIVE ${name}(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM ${name} WHERE n < ${most})`

const [mariadb] = servers
const limits = 'timeout: 300ms, answer: 1MB'

interface Case {
  readonly title: string
  readonly isHere: boolean
  readonly makeUrl: () => Promise<string>
  readonly query: string
  readonly told: object
}

/** Rows that come slowly, one by one; a whole that is long to read, where the engine says how much of it is. */
const cases: readonly Case[] = [
  {
    title: 'SQLite',
    isHere: true,
    makeUrl: async () => `sqlite:${makeDatabase('SELECT 1')}`,
    query: `${numbers('i', '400')}
      SELECT n, (${numbers('k', '200000 + i.n')} SELECT count(*) FROM k) AS c FROM i`,
    told: { rows_read: expect.any(Number) },
  },
  {
    title: 'PostgreSQL',
    isHere: hasPostgres,
    makeUrl: async () => (await makePostgres()).url(),
    // The server sends what it has once that is 8 KB.
    query: `SELECT i, repeat('x', 2000) AS x, (SELECT count(*) FROM generate_series(1, 100000 + i)) AS n
      FROM (SELECT generate_series(1, 450) AS i) AS s`,
    told: { rows_read: expect.any(Number) },
  },
  {
    title: 'MariaDB',
    isHere: mariadb !== undefined,
    makeUrl: async () => {
      const rows = Array.from({ length: 1000 }, (_, index) => `(${index})`).join()
      const setup = ['CREATE TABLE n (i int)', `INSERT INTO n VALUES ${rows}`]
      return mariadb === undefined ? '' : (await makeMysqlDatabase(mariadb, setup)).url
    },
    // The server sends what it has once that is 16 KB.
    query: `SELECT i, repeat('x', 2000) AS x,
      (SELECT count(*) FROM n AS b JOIN n AS c WHERE b.i * c.i > a.i) AS n FROM n AS a`,
    told: { rows_read: expect.any(Number) },
  },
  {
    title: 'DuckDB',
    isHere: true,
    makeUrl: async () =>
      `duckdb:${await makeDuckdb('CREATE TABLE t AS SELECT range AS i FROM range(4000000)')}`,
    query: `SELECT count(DISTINCT md5(md5(md5(md5(md5(md5(md5(md5(i::text))))))))) FROM t`,
    told: { percent: expect.any(Number) },
  },
]

/** Of as many rows as there may be. */
async function startLongJob(ask: Asking, query: string): Promise<string> {
  const { job } = await ask('query_database', { query, limit: 500 })
  return job?.id ?? ''
}

for (const { title, isHere, makeUrl, query, told } of cases) {
  test.runIf(isHere)(
    `a job on ${title} says how far it is`,
    async () => {
      const { config } = writeJobsConfig({ url: await makeUrl(), limits })
      const ask = askAs(await serveHere({ config }))
      const id = await startLongJob(ask, query)
      await vi.waitFor(
        async () => {
          const answer = await ask('get_job_status', { job_id: id, wait_ms: 0 })
          expect(answer.job).toMatchObject({ ...told, elapsed_s: expect.any(Number) })
        },
        { timeout: 80_000, interval: 100 },
      )
      await ask('cancel_job', { job_id: id })
    },
    90_000,
  )
}

test('a client that asks for progress is told how far a job is, and its place in line', async () => {
  const [first] = cases
  const { config } = writeJobsConfig({
    url: (await first?.makeUrl()) ?? '',
    limits: `${limits}, concurrent_jobs: 1`,
  })
  const url = await serveHere({ config })
  const ask = askAs(url)
  const listen = async (job_id: string): Promise<string> => {
    const input = { job_id, wait_ms: 4000 }
    const asked = await modernCall(url, ['get_job_status', input], { meta: { progressToken: 7 } })
    return asked.text()
  }
  const running = await startLongJob(ask, first?.query ?? '')
  const waiting = await startLongJob(ask, `${first?.query} -- again`)
  expect(await listen(waiting)).toMatch(/"message":"Running for \d+ s, number 1 in line"/)
  await vi.waitFor(
    async () =>
      expect(await listen(running)).toMatch(/"message":"Running for \d+ s, \d+ rows read"/),
    { timeout: 60_000 },
  )
  for (const job_id of [waiting, running]) await ask('cancel_job', { job_id })
}, 90_000)

test('a person waits for the end of a job, and where nobody sits at the terminal nothing else is written', async () => {
  const { config } = writeJobsConfig({ url: `sqlite:${makeDatabase('SELECT 1')}`, limits })
  const ask = askAs(await serveHere({ config }))
  const counting = `${numbers('i', '3000000')} SELECT count(*) FROM i`
  const id = await startJob(ask, counting)
  const watched = await runHere(['jobs', 'watch', id, config, '--json'])
  expect(watched).toMatchObject({ code: 0, stderr: '' })
  expect(JSON.parse(watched.stdout)).toMatchObject({ id, state: 'completed' })
  expect(await ask('get_job_status', { job_id: id })).toMatchObject({ rows: [[3_000_000]] })
})
