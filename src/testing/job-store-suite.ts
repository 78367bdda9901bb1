import { randomUUID } from 'node:crypto'
import { expect, onTestFinished } from 'vitest'
import type { Claim, JobRequest, JobStore } from '../jobs/job-store.ts'
import type { WhenDone } from './source-suite.ts'

export interface PlaceOptions {
  readonly leaseMs: number
  /** Bytes of all results. */
  readonly mostBytes: number
}

/** What the author of a store hands to `testJobStore`. */
export interface JobStoreSuite {
  readonly title: string
  /**
   * Makes an empty place where jobs are kept, and gives what opens one more instance on it, as another
   * process would; all of it goes when `whenDone` says so.
   */
  readonly makePlace: (
    options: PlaceOptions,
    whenDone: WhenDone,
  ) => Promise<() => Promise<JobStore>>
}

/** Two instances on a place of their own, for the test that is running. */
export type Places = (options?: Partial<PlaceOptions>) => Promise<[JobStore, JobStore]>

export const placesOf =
  ({ makePlace }: JobStoreSuite): Places =>
  async (options = {}) => {
    const open = await makePlace(
      { leaseMs: 20_000, mostBytes: 10_000_000, ...options },
      onTestFinished,
    )
    return [await open(), await open()]
  }

/** A question of its own, unless told otherwise. */
export function toRequest(change: Partial<JobRequest> & { actorId?: string } = {}): JobRequest {
  const { actorId = 'ada', ...rest } = change
  return {
    id: randomUUID(),
    actor: { id: actorId, claims: { tenant: 'shop' }, tools: 'all', sources: ['shop'] },
    tool: 'query_database',
    arguments: { query: 'SELECT 1' },
    source: 'shop',
    key: randomUUID(),
    definition: '',
    keepMs: 60_000,
    ...rest,
  }
}

/** Jobs that wait, in this order. */
export async function submitAll(
  store: JobStore,
  changes: readonly Parameters<typeof toRequest>[0][],
): Promise<string[]> {
  const ids: string[] = []
  for (const change of changes) {
    const request = toRequest(change)
    expect(await store.submit(request, 100)).toBe(request.id)
    ids.push(request.id)
  }
  return ids
}

/** The claim that must be there. */
export async function claimOf(store: JobStore, source = 'shop', most = 100): Promise<Claim> {
  const claim = await store.claim(source, most)
  if (claim === undefined) throw new Error('There is no job to claim.')
  return claim
}
