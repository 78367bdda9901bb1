import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createApp } from '../../../dist/app/app.js'
import type { Actor } from '../../../dist/base/actor.js'
import { defaultConfig } from '../../../dist/config/config.js'
import { callTool, toolConfig } from '../../support/curated.ts'
import { sourceConfig } from '../../support/open.ts'
import { makeDatabase, scratchFolder } from '../../support/scratch.ts'

/** Counts for a second or two, and says for whom. */
const slow = toolConfig(
  `with recursive n(i) as (select 1 union all select i + 1 from n where i < :most)
   select :tenant as tenant, count(*) as n from n`,
  {
    name: 'count_slowly',
    parameters: { most: { type: 'integer' }, tenant: { type: 'string', claim: 'tenant' } },
  },
)

const of = (tenant: string): Actor => ({
  id: 'ana',
  claims: { tenant },
  tools: 'all',
  sources: 'all',
})

test('a slow tool goes on as a job, each for the claims that it was asked with', async () => {
  const store = `sqlite:${join(scratchFolder(), 'jobs.db')}`
  const app = createApp({
    ...defaultConfig,
    jobs: { ...defaultConfig.jobs, store },
    sources: [sourceConfig(makeDatabase('SELECT 1'), { limits: { timeoutMs: 200 } })],
    tools: [slow],
  })
  onTestFinished(() => app.close())
  const ask = async (tenant: string) => {
    const { job, rows } = await callTool(app, ['count_slowly', { most: 4_000_000 }], of(tenant))
    return { id: (job as { id: string } | undefined)?.id, rows }
  }
  const [acme, other] = [await ask('acme'), await ask('other')]
  expect(acme.id).toMatch(/^[0-9a-f]{32}$/)
  expect(other.id).toMatch(/^[0-9a-f]{32}$/)
  expect(other.id).not.toBe(acme.id)
  for (const [{ id }, tenant] of [
    [acme, 'acme'],
    [other, 'other'],
  ] as const) {
    await vi.waitFor(
      async () => {
        const answer = await callTool(app, ['get_job_status', { job_id: id }], of(tenant))
        expect(answer).toMatchObject({ rows: [[tenant, 4_000_000]] })
      },
      { timeout: 20_000, interval: 50 },
    )
  }
})
