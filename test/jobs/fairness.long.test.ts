import { expect, test } from 'vitest'
import { runHere } from '../support/command-here.ts'
import { askAs, type Asking, startJob, writeJobsConfig } from '../support/jobs.ts'
import { hasPostgres, makePostgres } from '../support/postgres.ts'
import { serveHere } from '../support/serve-here.ts'

const endless = 'SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b'

/** Milliseconds, of the call in the middle. */
async function medianOf(calls: number, ask: Asking): Promise<number> {
  const times: number[] = []
  for (let index = 0; index < calls; index += 1) {
    const began = performance.now()
    expect(await ask('query_database', { query: `SELECT ${index}` })).toMatchObject({
      rows: [[index]],
    })
    times.push(performance.now() - began)
  }
  return times.toSorted((a, b) => a - b)[Math.floor(calls / 2)] ?? Number.NaN
}

test.runIf(hasPostgres)(
  'calls are answered while every place of jobs is taken and more of them wait, and all see who is next',
  async () => {
    const database = await makePostgres()
    const { config } = writeJobsConfig(
      { url: database.url(), limits: 'timeout: 300ms, concurrent: 1, concurrent_jobs: 2' },
      ['ana', 'ben', 'eva'],
    )
    const url = await serveHere({ config })
    const [ana, ben, eva] = [askAs(url, 'ana'), askAs(url, 'ben'), askAs(url, 'eva')]
    const jobs: (readonly [Asking, string])[] = []
    for (const [index, ask] of [ana, ana, ana, ben].entries())
      jobs.push([ask, await startJob(ask, `${endless} WHERE a > ${index}`)])

    // None waits for a statement of a job: that would be the whole of its budget.
    expect(await medianOf(40, eva)).toBeLessThan(300)

    const states = await Promise.all(
      jobs.map(async ([ask, job_id]) => {
        const { job } = await ask('get_job_status', { job_id, wait_ms: 0 })
        return [job?.status, job?.position]
      }),
    )
    expect(states).toEqual([
      ['running', undefined],
      ['running', undefined],
      ['queued', 1],
      ['queued', 2],
    ])
    const listed = await runHere(['jobs', 'list', config])
    expect(listed.stdout).toMatch(/token:ana +main +queued, 1/)
    expect(listed.stdout).toMatch(/token:ben +main +queued, 2/)
    for (const [ask, job_id] of jobs) await ask('cancel_job', { job_id })
  },
)
