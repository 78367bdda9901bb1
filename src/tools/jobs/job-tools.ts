import { z } from 'zod'
import { allows } from '../../base/actor.ts'
import { AppError } from '../../base/error.ts'
import type { Job } from '../../jobs/job-store.ts'
import type { Jobs, OpenJobs } from '../../jobs/jobs.ts'
import { answerOf, isUnfinished, outdated, waitForEnd } from './job-answer.ts'
import type { DeclaredSources } from '../served-source.ts'
import { type CallContext, definePlainTool, readOnly, type Tool } from '../tool.ts'

const defaultWaitMs = 2000
const longestWaitMs = 4000

/** What there is to do about questions that outlast their call; none where none does. */
export function jobTools(sources: DeclaredSources): readonly Tool[] {
  const [long] = [...sources.values()].flatMap(({ longRunning }) => longRunning ?? [])
  return long ? [getJobStatus(long.jobs, sources), cancelJob(long.jobs, sources)] : []
}

const getJobStatus = (jobs: Jobs, sources: DeclaredSources): Tool =>
  definePlainTool({
    name: 'get_job_status',
    title: 'Job status',
    description:
      'Waits for a job; returns its rows, or {"job":{"status"}} while it runs: call again. ' +
      'Pass next_cursor as cursor for more rows.',
    input: z.strictObject({
      job_id: z.string(),
      wait_ms: z.int().min(0).max(longestWaitMs).optional(),
      cursor: z.string().optional(),
    }),
    annotations: readOnly,
    async run({ job_id: id, wait_ms: waitMs = defaultWaitMs, cursor = '0' }, context) {
      const { store } = await jobs.open()
      await findOwn(store, id, { context, sources })
      const { signal, onProgress } = context
      const job = await waitForEnd(store, { id, waitMs, signal, onProgress })
      if (job === undefined) throw noJob()
      refuseOutdated(job, sources)
      return answerOf(store, job, toPage(cursor))
    },
  })

const cancelJob = (jobs: Jobs, sources: DeclaredSources): Tool =>
  definePlainTool({
    name: 'cancel_job',
    title: 'Cancel a job',
    description: 'Ends a job.',
    input: z.strictObject({ job_id: z.string() }),
    annotations: { ...readOnly, readOnlyHint: false },
    async run({ job_id: id }, context) {
      const { store } = await jobs.open()
      await findOwn(store, id, { context, sources })
      await store.cancel(id)
      const job = await store.find(id)
      return { job: { id, status: job?.state ?? 'cancelled' } }
    },
  })

/** What is no cursor names no page. */
const toPage = (cursor: string): number => (/^\d{1,5}$/.test(cursor) ? Number(cursor) : -1)

interface Asked {
  readonly context: CallContext
  readonly sources: DeclaredSources
}

/** A job of whoever asks, whose tool and source are still open to them; any other answers as if it were not there. */
export async function findOwn(
  store: OpenJobs['store'],
  id: string,
  { context: { actor }, sources }: Asked,
): Promise<Job> {
  const job = await store.find(id)
  const isOwn =
    job !== undefined &&
    job.request.actor.id === actor?.id &&
    allows(actor.tools, job.request.tool) &&
    sources.has(job.request.source)
  if (!isOwn) throw noJob()
  return job
}

/** @throws AppError where it has ended, and what it was asked of is no longer what it was */
export function refuseOutdated(job: Job, sources: DeclaredSources): void {
  const { tool, source, definition } = job.request
  const isSame = sources.get(source)?.longRunning?.definitionOf(tool) === definition
  if (!isSame && !isUnfinished(job)) throw outdated()
}

export const noJob = (): AppError => new AppError('job_not_found', 'There is no such job.')
