import { expect, test } from 'vitest'
import { startHttpServer } from '../support/http-server.ts'
import { askAs, endOf, startJob, writeJobsConfig } from '../support/jobs.ts'
import { makeDatabase } from '../support/scratch.ts'

const slow =
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000000) SELECT count(*) FROM n'

test('a job whose server is killed is begun again by another one of the same store', async () => {
  const { config } = writeJobsConfig({
    url: `sqlite:${makeDatabase('SELECT 1')}`,
    limits: 'timeout: 300ms',
  })
  const [one, other] = await Promise.all([startHttpServer(config), startHttpServer(config)])
  const id = await startJob(askAs(one.url), slow)
  one.process.kill('SIGKILL')
  expect(await askAs(other.url)('get_job_status', { job_id: id, wait_ms: 0 })).toMatchObject({
    job: { status: 'running' },
  })
  expect(await endOf(askAs(other.url), id)).toMatchObject({ rows: [[6_000_000]] })
}, 60_000)
