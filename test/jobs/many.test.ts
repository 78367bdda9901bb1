import { expect, test, vi } from 'vitest'
import type { Job, JobStore } from '../../dist/jobs/job-store.js'
import { SqliteJobStore } from '../../dist/jobs/sqlite-store.js'
import { startHttpServer } from '../support/http-server.ts'
import { askAs, writeJobsConfig } from '../support/jobs.ts'
import { hasPostgres, makePostgres } from '../support/postgres.ts'

const jobCount = 200

/** So slow that none is answered within its call. */
const question = (index: number): string =>
  `SELECT ${index} AS i, count(*) AS n FROM generate_series(1, 100000)`

const completedIn = async (store: JobStore): Promise<readonly Job[]> =>
  (await store.list({ most: 1000 })).filter(({ state }) => state === 'completed')

test.runIf(hasPostgres)(
  '200 jobs over two servers, one of them killed in the middle: each ends once, with its rows',
  async () => {
    const database = await makePostgres()
    const { config, store: path } = writeJobsConfig({
      url: database.url(),
      limits: 'timeout: 1ms, concurrent: 8, jobs: 8',
      jobs: ', per_actor: 1000',
    })
    const servers = [await startHttpServer(config), await startHttpServer(config)] as const
    const answers = await Promise.all(
      Array.from({ length: jobCount }, (_, index) => {
        const { url } = servers[index % 2 === 0 ? 0 : 1]
        return askAs(url)('query_database', { query: question(index) })
      }),
    )
    const ids = answers.flatMap(({ job }) => job?.id ?? [])
    // A server that is held up may find an answer when it finds the time over.
    expect(ids.length).toBeGreaterThan(jobCount / 2)
    const store = new SqliteJobStore({ path, mostBytes: 1e9 })
    await vi.waitFor(async () => expect((await completedIn(store)).length).toBeGreaterThan(10), {
      timeout: 20_000,
      interval: 10,
    })
    servers[0].process.kill('SIGKILL')
    expect((await completedIn(store)).length).toBeLessThan(ids.length)
    await vi.waitFor(async () => expect(await completedIn(store)).toHaveLength(ids.length), {
      timeout: 50_000,
    })
    const rows = await Promise.all(
      answers.map(async ({ job, rows: atOnce }) => (job ? rowsOf(store, job.id) : atOnce)),
    )
    expect(rows).toEqual(answers.map((_answer, index) => [[index, 100_000]]))
    await store.close()
  },
  90_000,
)

async function rowsOf(store: JobStore, id: string): Promise<unknown> {
  const { rows } = JSON.parse((await store.readPage(id, 0)) ?? '{}') as { rows?: unknown }
  return rows
}
