import { setTimeout as pause } from 'node:timers/promises'
import type { JobJson } from 'bullmq'
import type { Job } from '../job-store.ts'
import type { Backing, Bullmq, JobQueue, KeptJob } from './backing.ts'
import { away } from './failures.ts'
import { toJob, toReason } from './to-job.ts'

/** Looks at a job that changes hands meanwhile. */
const mostTries = 20
const betweenTriesMs = 5

/** A queue for each source, and the records beside them, as one. */
export class JobQueues {
  readonly #bullmq: Bullmq
  readonly #backing: Backing
  readonly #open = new Map<string, JobQueue>()

  constructor(bullmq: Bullmq, backing: Backing) {
    this.#bullmq = bullmq
    this.#backing = backing
  }

  of(source: string): JobQueue {
    const open = this.#open.get(source)
    if (open) return open
    const queue = this.#backing.openQueue(source)
    this.#open.set(source, queue)
    return queue
  }

  async find(id: string): Promise<Job | undefined> {
    const { records } = this.#backing
    const source = await records.sourceOf(id)
    if (source === undefined) return undefined
    const queue = this.of(source)
    const job = await this.kept(queue, id)
    if (job?.finishedOn) return toJob(job, queue)
    return (await records.cancelled(id)) ?? (job && toJob(job, queue))
  }

  kept(queue: JobQueue, id: string): Promise<KeptJob | undefined> {
    return this.#bullmq.Job.fromId<KeptJob['data'], KeptJob['returnvalue']>(queue as never, id)
  }

  /** The next that waits, held by this token from now on. */
  async next(queue: JobQueue, token: string): Promise<KeptJob | undefined> {
    const [found, id] = (await queue.getBackend().moveToActive(token)) as [JobJson | null, string]
    return found ? this.#bullmq.Job.fromJSON(queue as never, found, id) : undefined
  }

  /** Gives what it was; undefined where it is not there, or had ended. */
  async cancel(id: string): Promise<KeptJob | undefined> {
    const source = await this.#backing.records.sourceOf(id)
    if (source === undefined) return undefined
    const queue = this.of(source)
    for (let tries = 0; tries < mostTries; tries += 1) {
      const job = await this.kept(queue, id)
      if (job === undefined || job.finishedOn) return undefined
      if (await this.#tryToCancel(job, queue)) return job
      await pause(betweenTriesMs)
    }
    throw away()
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#open.values()].map((queue) => queue.close()))
  }

  /** False where it changed hands meanwhile. */
  async #tryToCancel(job: KeptJob, queue: JobQueue): Promise<boolean> {
    const { id, key } = job.data
    const holder = await this.#backing.holderOf(queue, id)
    if (holder !== undefined) {
      return job.moveToFailed(toReason({ state: 'cancelled' }), holder, false).then(...asBoolean)
    }
    const { position: _, progress: __, ...known } = await toJob(job, queue)
    const cancelled: Job = { ...known, state: 'cancelled', changedAt: Date.now() }
    await this.#backing.records.keepCancelled(cancelled)
    // From here on whoever claims it finds the record and gives it up: it cannot be completed any more.
    const state = await queue.getBackend().getState(id)
    if (state === 'waiting') return job.remove().then(...asBoolean)
    if (state !== 'active' || (await this.#backing.holderOf(queue, id)) !== undefined) return false
    // Its process was lost.
    await queue.removeDeduplicationKey(key)
    return true
  }
}

const asBoolean = [() => true, () => false] as const
