import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { createBullmqStore } from '../../dist/jobs/bullmq-store.js'
import type { Claim, JobRequest, JobStore } from '../../dist/jobs/job-store.js'

/** A question of its own. */
export const toRequest = (change: Partial<JobRequest> = {}): JobRequest => ({
  id: randomUUID(),
  actor: { id: 'ada', claims: {}, tools: 'all', sources: 'all' },
  tool: 'query_database',
  arguments: { query: 'SELECT 1' },
  source: 'shop',
  key: randomUUID(),
  definition: '',
  keepMs: 60_000,
  ...change,
})

/** The claim that must be there. */
export async function claimOf(store: JobStore, most = 100): Promise<Claim> {
  const claim = await store.claim('shop', most)
  if (claim === undefined) throw new Error('There is no job to claim.')
  return claim
}

/** One more instance on what is kept there, closed when the test ends. */
export async function openBullmq(url: string, keyPrefix = 'vitrine'): Promise<JobStore> {
  const store = await createBullmqStore({ url, keyPrefix, mostBytes: 10_000_000 })
  onTestFinished(() => store.close())
  return store
}

/** Claims what there is and completes it; whether that was kept. */
export async function runOnce(store: JobStore): Promise<boolean> {
  const claim = await store.claim('shop', 100)
  return claim !== undefined && store.complete(claim, ['{}'])
}
