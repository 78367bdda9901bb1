import { AppError } from '../../base/error.ts'
import type { OnProgress, Progress } from '../../base/progress.ts'
import type { Job, JobStore } from '../../jobs/job-store.ts'
import type { Answer } from '../tool.ts'

/** Milliseconds after which it is worth asking again. */
const pollAfterMs = 2000

/** How often it is looked at how far it has come. */
const lookEveryMs = 1000

export const isUnfinished = ({ state }: Job): boolean => state === 'queued' || state === 'running'

export interface Waiting {
  readonly id: string
  readonly waitMs: number
  readonly signal: AbortSignal
  readonly onProgress?: OnProgress | undefined
}

/** The job once it has ended, or as it stands when the time is over. */
export async function waitForEnd(
  store: JobStore,
  { id, waitMs, signal, onProgress }: Waiting,
): Promise<Job | undefined> {
  const deadline = performance.now() + waitMs
  for (;;) {
    const job = await store.find(id)
    const left = deadline - performance.now()
    if (job !== undefined) onProgress?.(toProgress(job))
    if (job === undefined || !isUnfinished(job) || left <= 0 || signal.aborted) return job
    await store.whenChanged(id, Math.min(left, lookEveryMs), signal)
  }
}

/**
 * A page of the result, where there is one, or how the job stands.
 *
 * @throws the AppError that it ended with, or `job_not_found`
 */
export async function answerOf(store: JobStore, job: Job, page: number): Promise<Answer> {
  const { request, state, error } = job
  if (state === 'failed' && error !== undefined)
    throw new AppError(error.code, error.message, { hint: error.hint })
  if (state !== 'completed') return stateOf(job)
  const text = await store.readPage(request.id, page)
  if (text === undefined) throw noPage()
  return JSON.parse(text) as Answer
}

/** What was read under another config is not given under this one, which may have closed it. */
export const outdated = (): AppError =>
  new AppError('job_not_found', 'The config has changed since the job was asked for.', {
    hint: 'Ask the question again.',
  })

const noPage = (): AppError =>
  new AppError('job_not_found', 'The result has no such page, or is no longer kept.')

/** One that runs has no position any more. */
const toProgress = ({ progress, position }: Job): Progress => ({ ...progress, position })

/** How the job stands, and what to do about that. */
export function stateOf(job: Job): Answer {
  const { request, state, attempt, createdAt, position, progress } = job
  const next = isUnfinished(job) && {
    poll_after_ms: pollAfterMs,
    hint: 'The statement goes on. Call get_job_status with this job_id for its rows; cancel_job ends it.',
  }
  return {
    job: {
      id: request.id,
      status: state,
      created_at: new Date(createdAt).toISOString(),
      ...(attempt > 1 && { attempt }),
      ...(position !== undefined && { position }),
      ...(isUnfinished(job) && { elapsed_s: Math.round((Date.now() - createdAt) / 1000) }),
      ...(progress?.rows !== undefined && { rows_read: progress.rows }),
      ...(progress?.share !== undefined && { percent: Math.floor(progress.share * 100) }),
      ...next,
    },
  }
}
