import { z } from 'zod'
import { type ErrorAnswer, toAppError, toErrorAnswer } from '../../base/error.ts'
import { findOwn, noJob, refuseOutdated } from './job-tools.ts'
import { answerOf } from './job-answer.ts'
import type { DeclaredSources } from '../served-source.ts'
import { type Answer, definePlainTool, readOnly, type Tool } from '../tool.ts'

/** A job with all that a protocol wants to know of it. */
export interface JobFacts {
  readonly status: 'queued' | 'running' | 'completed' | 'failed' | 'cancelled'
  readonly createdAt: string
  readonly changedAt: string
  readonly keepMs: number
  /** What its call would have given, once it has ended by itself. */
  readonly outcome?: Answer | ErrorAnswer
}

/**
 * `get_job_status` for a client that is told of jobs by the protocol: the same limits and the same record, and
 * the answer is `JobFacts`, with the rows of its outcome counted. It is not listed.
 */
export function jobFacts(sources: DeclaredSources): Tool | undefined {
  const [long] = [...sources.values()].flatMap(({ longRunning }) => longRunning ?? [])
  return (
    long &&
    definePlainTool({
      name: 'get_job_status',
      title: '',
      description: '',
      input: z.strictObject({ job_id: z.string() }),
      annotations: readOnly,
      async run({ job_id: id }, context) {
        const { store } = await long.jobs.open()
        const job = await findOwn(store, id, { context, sources })
        refuseOutdated(job, sources)
        const { state: status, createdAt, changedAt, request } = job
        const hasOutcome = status === 'completed' || status === 'failed'
        const outcome = hasOutcome ? await answerOf(store, job, 0).catch(toOutcome) : undefined
        return {
          status,
          createdAt: new Date(createdAt).toISOString(),
          changedAt: new Date(changedAt).toISOString(),
          keepMs: request.keepMs,
          ...(outcome && { outcome, row_count: outcome['row_count'] }),
        }
      },
    })
  )
}

function toOutcome(thrown: unknown): Answer {
  const error = toAppError(thrown)
  if (error.code === 'job_not_found') throw noJob()
  return { ...toErrorAnswer(error) }
}
