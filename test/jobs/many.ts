import { randomUUID } from 'node:crypto'
import { expect, onTestFinished, vi } from 'vitest'
import { createApp } from '../../dist/app/app.js'
import { loadConfig } from '../../dist/config/load.js'
import type { JobStore } from '../../dist/jobs/job-store.js'
import { openJobStore, type StoreOptions } from '../../dist/jobs/open-store.js'
import { startHttpServer } from '../support/http-server.ts'
import { writeJobsConfig } from '../support/jobs.ts'
import { makePostgres } from '../support/postgres.ts'
import { toRequest } from './requests.ts'

const jobCount = 200
const patience = { timeout: 180_000, interval: 250 }

/** Takes so long, on a machine that has other things to do as well. */
const question = (index: number): string =>
  `SELECT ${index} AS i FROM (SELECT generate_series(1, 1000000000) AS n) AS s
   WHERE clock_timestamp() >= statement_timestamp() + interval '20 milliseconds' LIMIT 1`

/** Asked again where a busy server of the store took too long. */
const stateOf = (store: JobStore, id: string): Promise<string | undefined> =>
  vi.waitFor(async () => (await store.find(id))?.state, patience)

const whenDone = (store: JobStore, id: string, interval: number): Promise<void> =>
  vi.waitFor(async () => expect((await store.find(id))?.state).toBe('completed'), {
    ...patience,
    interval,
  })

/** Of each job, in order. */
export const allRows: readonly unknown[] = Array.from({ length: jobCount }, (_, index) => [[index]])

/** Gives the rows of many jobs that two servers find, one of which is killed in the middle. */
export async function runMany({
  url,
  keyPrefix,
}: Omit<StoreOptions, 'mostBytes'>): Promise<readonly unknown[]> {
  const database = await makePostgres()
  const store = await openJobStore({ url, keyPrefix, mostBytes: 1e8 })
  onTestFinished(() => store.close())
  const { config } = writeJobsConfig({
    url: database.url(),
    limits: 'concurrent_jobs: 8',
    store: url,
    jobs: `, key_prefix: ${keyPrefix}`,
  })
  const definition = await definitionIn(config)
  const requests = Array.from({ length: jobCount }, (_, index) =>
    toRequest({
      id: randomUUID().replaceAll('-', ''),
      source: 'main',
      definition,
      arguments: { query: question(index) },
    }),
  )
  for (const request of requests) expect(await store.submit(request, jobCount * 2)).toBe(request.id)
  const [one] = await Promise.all([startHttpServer(config), startHttpServer(config)])
  // They are begun in their order.
  await whenDone(store, requests[jobCount / 8]?.id ?? '', 10)
  one.process.kill('SIGKILL')
  expect(await stateOf(store, requests.at(-1)?.id ?? '')).toBe('queued')
  const rows: unknown[] = []
  for (const { id } of requests) {
    await whenDone(store, id, 250)
    rows.push(await vi.waitFor(() => rowsOf(store, id), patience))
  }
  return rows
}

/** As servers of that config know the tool and its source: of others they run no job. */
async function definitionIn(config: string): Promise<string> {
  const app = createApp(await loadConfig(config, process.env))
  onTestFinished(() => app.close())
  return app.sources.get('main')?.longRunning?.definitionOf('query_database') ?? ''
}

async function rowsOf(store: JobStore, id: string): Promise<unknown> {
  const { rows } = JSON.parse((await store.readPage(id, 0)) ?? '{}') as { rows?: unknown }
  return rows
}
