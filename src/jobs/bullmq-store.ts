import { AppError } from '../base/error.ts'
import { notInstalled } from '../base/not-installed.ts'
import { type Backing, type Bullmq, type QueueTerms } from './bullmq/backing.ts'
import { openPostgresBacking } from './bullmq/postgres.ts'
import { openRedisBacking } from './bullmq/redis.ts'
import { BullmqJobStore } from './bullmq/store.ts'
import type { JobStore } from './job-store.ts'

export interface BullmqStoreOptions {
  /** `redis://`, `rediss://`, `postgres://` or `postgresql://`. */
  readonly url: string
  /** Begins every key in Redis, and names a schema in PostgreSQL. */
  readonly keyPrefix: string
  /** Bytes of all results; the oldest go first. */
  readonly mostBytes: number
  readonly leaseMs?: number
}

const defaultLeaseMs = 10_000

/** Jobs that the processes of several machines share. It is there also while its server is not. */
export async function createBullmqStore(options: BullmqStoreOptions): Promise<JobStore> {
  const bullmq = await import('bullmq').catch((cause: unknown) => {
    const client = isRedis(options) ? (['@redis/client'] as const) : []
    throw notInstalled('Jobs in Redis or PostgreSQL need', {
      packages: ['bullmq', ...client],
      cause,
    })
  })
  const { leaseMs = defaultLeaseMs } = options
  const backing = await connect(bullmq, { ...options, leaseMs })
  const store = new BullmqJobStore(bullmq, backing, leaseMs)
  await store.start()
  return store
}

function connect(bullmq: Bullmq, options: Required<BullmqStoreOptions>): Promise<Backing> {
  const terms: QueueTerms = {
    lockDuration: options.leaseMs,
    maxStalledCount: 1,
    stalledInterval: 1,
  }
  if (isRedis(options)) return openRedisBacking(bullmq, { ...options, terms })
  if (/^postgres(ql)?:/.test(options.url)) return openPostgresBacking(bullmq, { ...options, terms })
  throw new AppError('config_invalid', 'Jobs cannot be kept at the URL of jobs.store.', {
    hint: 'Write redis://… or postgres://….',
  })
}

const isRedis = ({ url }: BullmqStoreOptions): boolean => /^rediss?:/.test(url)
