import type { ErrorAnswer } from '../../base/error.ts'
import type { Job } from '../job-store.ts'
import type { JobQueue, KeptJob } from './backing.ts'

/** Why a job is in the queue's failed ones, as JSON in its reason. */
export type Ending =
  | { readonly state: 'failed'; readonly token: string; readonly error: ErrorAnswer['error'] }
  | { readonly state: 'cancelled' }

/** The stack would be kept as well. */
export function toReason(ending: Ending): Error {
  const reason = new Error(JSON.stringify(ending))
  reason.stack = ''
  return reason
}

/** How it ended; undefined where it has not, or was completed. */
export function endingOf(job: KeptJob): Ending | undefined {
  if (!job.finishedOn || !job.failedReason) return undefined
  return JSON.parse(job.failedReason) as Ending
}

/** A job that has ended needs no more of the queue. */
export async function toJob(job: KeptJob, queue: JobQueue): Promise<Job> {
  if (!job.finishedOn) return toUnfinished(job, queue)
  const ending = endingOf(job)
  const known = { ...factsOf(job), attempt: begunOf(job), changedAt: job.finishedOn }
  if (ending === undefined) return { ...known, state: 'completed', pages: job.returnvalue.pages }
  if (ending.state === 'cancelled') return { ...known, state: 'cancelled' }
  return { ...known, state: 'failed', error: ending.error }
}

async function toUnfinished(job: KeptJob, queue: JobQueue): Promise<Job> {
  const backend = queue.getBackend()
  // Whoever is next comes last.
  const [waiting] = (await backend.getRanges(['wait'], 0, -1)) as string[][]
  const position = waiting ? waiting.toReversed().indexOf(job.data.id) + 1 : 0
  const changedAt = job.processedOn ?? job.timestamp
  if (position > 0) {
    return { ...factsOf(job), state: 'queued', attempt: job.stalledCounter, changedAt, position }
  }
  const { progress } = job as { progress: unknown }
  return {
    ...factsOf(job),
    state: 'running',
    attempt: begunOf(job),
    changedAt,
    ...(typeof progress === 'object' && progress !== null && { progress }),
  }
}

const factsOf = ({ data, timestamp }: KeptJob) => ({ request: data, createdAt: timestamp })

/** Each loss was a begin; a job that was lost for good has no more of them. */
const begunOf = (job: KeptJob): number => Math.min(job.stalledCounter + 1, 2)
