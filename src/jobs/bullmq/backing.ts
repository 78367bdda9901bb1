import type * as bullmq from 'bullmq'
import type { IQueueBackend, Job as QueueJob, Queue, Relay } from 'bullmq'
import type { JobRequest } from '../job-store.ts'
import type { JobRecords } from './records.ts'

export type Bullmq = typeof bullmq

/** What a queue keeps of a completed job: where its pages are. */
interface Result {
  /** Of the claim that completed it. */
  readonly token: string
  readonly pages: number
}

export type JobQueue = Pick<
  Queue<JobRequest, Result>,
  | 'name'
  | 'add'
  | 'close'
  | 'getDeduplicationJobId'
  | 'removeDeduplicationKey'
  | 'setGlobalConcurrency'
  | 'toKey'
> & { getBackend(): IQueueBackend }

export type KeptJob = QueueJob<JobRequest, Result>

/** How long a command, and a whole method of the store, is waited for. */
export const deadlineMs = 2000
export const connectMs = 1000

/** How claims are kept by the queues of every backing. */
export interface QueueTerms {
  /** Milliseconds that a claim holds without being renewed. */
  readonly lockDuration: number
  /** A job may be lost once; the second time it is failed. */
  readonly maxStalledCount: 1
  /** Lost jobs are looked for at every claim, by nobody else. */
  readonly stalledInterval: 1
}

export interface BackingOptions {
  readonly url: string
  readonly keyPrefix: string
  readonly mostBytes: number
  readonly terms: QueueTerms
}

/** A server that BullMQ keeps queues in, and what is kept beside them. */
export interface Backing {
  readonly records: JobRecords
  /** Fails where the server does not answer. */
  ready(): Promise<void>
  openQueue(source: string): JobQueue
  openRelay(): Relay<never>
  /** The token of whoever holds a job; undefined where nobody does. */
  holderOf(queue: JobQueue, id: string): Promise<string | undefined>
  close(): Promise<void>
}
