import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { vitrine } from '../support/command.ts'
import { runHere } from '../support/command-here.ts'
import { askAs, endOf, startJob, writeJobsConfig } from '../support/jobs.ts'
import { makeDatabase } from '../support/scratch.ts'
import { serveHere } from '../support/serve-here.ts'

const endless =
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n'

test('a person sees the jobs of a server and ends one', async () => {
  const { config, store } = writeJobsConfig({
    url: `sqlite:${makeDatabase('SELECT 1')}`,
    limits: 'timeout: 300ms',
  })
  expect(await runHere(['jobs', 'list', config])).toMatchObject({
    code: 0,
    stderr: 'There are no jobs.\n',
  })
  expect(existsSync(store)).toBe(false)
  const ask = askAs(await serveHere({ config }))
  const id = await startJob(ask, endless)
  const list = await vitrine(['jobs', 'list', config])
  expect(list.stdout).toMatch(new RegExp(`${id} +local +main +running +\\S+ +WITH RECURSIVE`))
  const { jobs } = JSON.parse((await runHere(['jobs', 'list', config, '--json'])).stdout) as {
    jobs: object[]
  }
  expect(jobs).toMatchObject([{ id, state: 'running', arguments: { query: endless } }])
  expect((await runHere(['jobs', 'list', config, '--actor', 'eve', '--json'])).stdout).toBe(
    '{"jobs":[]}\n',
  )
  expect((await runHere(['jobs', 'show', id, config])).stdout).toContain('state: running\n')
  expect(await vitrine(['jobs', 'cancel', id, config])).toMatchObject({
    code: 0,
    stdout: `${id} is cancelled.\n`,
  })
  expect(await endOf(ask, id)).toMatchObject({ job: { id, status: 'cancelled' } })
  const none = await runHere(['jobs', 'show', 'none', config, '--json'])
  expect(JSON.parse(none.stdout)).toMatchObject({ error: { code: 'job_not_found' } })
  expect(none.code).toBe(1)
})

test('vitrine query makes no job: it ends with its answer', async () => {
  const { config, store } = writeJobsConfig({
    url: `sqlite:${makeDatabase('SELECT 1')}`,
    limits: 'timeout: 1s',
  })
  const asked = await runHere(['query', config, endless, '--json'])
  expect(JSON.parse(asked.stdout)).toMatchObject({ error: { code: 'timed_out' } })
  expect(existsSync(store)).toBe(false)
})
