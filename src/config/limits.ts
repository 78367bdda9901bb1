/** The `limits` of a source: numbers, spellings with a unit, or either of them out of a variable. */
import { z } from 'zod'
import { defaultLimits, type SourceLimits } from './config.ts'
import { count, duration, size } from './quantity.ts'

const gibibyte = 1024 ** 3

export const limitsSchema = z.strictObject({
  timeout: duration([1, 60_000], '1ms to 60s, such as 4.5s or 500ms')
    .meta({ description: 'How long a call waits for its statement; at most 60s.', default: '4.5s' })
    .optional(),
  job_timeout: duration([0, 86_400_000], '0s to 24h, such as 5m')
    .meta({
      description:
        'How long a statement may run that outlasts its call, as a job; with 0s it is ended with the call.',
      default: '5m',
    })
    .optional(),
  rows: count([1, 500])
    .meta({ description: 'The most rows of one answer, whatever a call asks for.', default: 500 })
    .optional(),
  cell: size([16, 1024 ** 2], '16 bytes to 1MiB, such as 4kB')
    .meta({
      description: 'The longest text or blob handed out whole; a longer one is cut.',
      default: '4KiB',
    })
    .optional(),
  answer: size([1000, 10_000_000], '1kB to 10MB, such as 40kB')
    .meta({
      description: 'The most bytes of values in one answer; reading stops there.',
      default: '40kB',
    })
    .optional(),
  memory: size([64_000_000, 64 * gibibyte], '64MB to 64GiB, such as 512MB')
    .meta({
      description: 'The most memory of a worker process; a statement that needs more is ended.',
      default: '512MiB',
    })
    .optional(),
  concurrent: count([1, 32])
    .meta({
      description: 'How many statements run at the same time, each in a process of its own.',
      default: 4,
    })
    .optional(),
  concurrent_jobs: count([1, 32])
    .meta({
      description: 'How many jobs run at the same time, besides the statements of calls.',
      default: 2,
    })
    .optional(),
  response: size([1000, 20_000_000], '1kB to 20MB, such as 5MB')
    .meta({
      description: 'The most bytes of a response of an API, unpacked; a larger one is not read.',
      default: '5MB',
    })
    .optional(),
  cost: count([1, 1e15])
    .meta({
      description:
        "What a plan may be expected to cost, in the engine's own units (PostgreSQL); a costlier statement is refused.",
    })
    .optional(),
})

/** The limits that apply: what the file says, and the defaults for the rest. */
export function toLimits(written: z.output<typeof limitsSchema> = {}): SourceLimits {
  return {
    timeoutMs: written.timeout ?? defaultLimits.timeoutMs,
    rows: written.rows ?? defaultLimits.rows,
    cellBytes: written.cell ?? defaultLimits.cellBytes,
    answerBytes: written.answer ?? defaultLimits.answerBytes,
    memoryBytes: written.memory ?? defaultLimits.memoryBytes,
    concurrency: written.concurrent ?? defaultLimits.concurrency,
    jobTimeoutMs: written.job_timeout ?? defaultLimits.jobTimeoutMs,
    jobConcurrency: written.concurrent_jobs ?? defaultLimits.jobConcurrency,
    cost: written.cost,
  }
}
