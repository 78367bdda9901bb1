import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { AppError, type ErrorAnswer } from '../../base/error.ts'
import { within } from '../../base/within.ts'
import type { Claim, Job, JobRequest, JobStore, Renewal } from '../job-store.ts'
import { type Backing, type Bullmq, deadlineMs, type KeptJob } from './backing.ts'
import { JobEvents } from './events.ts'
import { away, workerLost } from './failures.ts'
import { JobQueues } from './queues.ts'
import { type Ending, endingOf, toReason } from './to-job.ts'

/** What a claim does to end its job. */
interface Move {
  readonly move: (job: KeptJob) => Promise<void>
  /** It did; the answer was lost. */
  readonly isDone: (job: KeptJob) => boolean
  readonly undo: () => Promise<void>
}

/** Jobs that are passed over by one claim. */
const mostTries = 20
const betweenLooksMs = 5
const cancellingMs = 50
const idsAtATime = 100
const mostIdsLookedAt = 1000

/**
 * Jobs as BullMQ keeps them: a queue for each source. Whether a job is held, and by which token, is
 * decided by the queue alone, in one script; everything else is a record beside it.
 */
export class BullmqJobStore implements JobStore {
  readonly leaseMs: number
  readonly #backing: Backing
  readonly #events: JobEvents
  readonly #queues: JobQueues
  /** Ids of what this instance has claimed. */
  readonly #claimed = new Set<string>()

  constructor(bullmq: Bullmq, backing: Backing, leaseMs: number) {
    this.leaseMs = leaseMs
    this.#backing = backing
    this.#queues = new JobQueues(bullmq, backing)
    this.#events = new JobEvents(async () => {
      await backing.ready()
      return backing.openRelay()
    })
  }

  /** Hears of what other processes do from now on; from later on where the server is away. */
  start(): Promise<void> {
    return this.#events.start()
  }

  submit(request: JobRequest, most: number): Promise<string | undefined> {
    return this.#inTime(async () => {
      const queue = this.#queues.of(request.source)
      const same = await queue.getDeduplicationJobId(request.key)
      if (same !== null) {
        if (await this.#queues.find(same)) return same
        // It was last heard of too long ago.
        await queue.removeDeduplicationKey(request.key)
      }
      if (!(await this.#remember(request, most))) return undefined
      const age = Math.ceil(request.keepMs / 1000)
      const { id } = await queue.add('job', request, {
        jobId: request.id,
        deduplication: { id: request.key },
        removeOnComplete: { age },
        removeOnFail: { age },
      })
      if (id !== request.id) await this.#backing.records.forget(request)
      return id
    })
  }

  claim(source: string, most: number): Promise<Claim | undefined> {
    return this.#inTime(async () => {
      const queue = this.#queues.of(source)
      const backend = queue.getBackend()
      await queue.setGlobalConcurrency(most)
      await backend.moveStalledJobsToWait()
      for (let tries = 0; tries < mostTries; tries += 1) {
        const token = randomUUID()
        const job = await this.#queues.next(queue, token)
        if (job === undefined && tries > 0) return undefined
        // A lost job is marked by one look and taken by the next.
        if (job === undefined) {
          await pause(betweenLooksMs)
          await backend.moveStalledJobsToWait()
        } else if (await this.#mayRun(job, token)) {
          this.#claimed.add(job.data.id)
          return { request: job.data, attempt: job.stalledCounter + 1, token }
        }
      }
    })
  }

  renew({ request, token }: Claim, progress?: Job['progress']): Promise<Renewal> {
    return this.#inTime(async () => {
      const backend = this.#queues.of(request.source).getBackend()
      if ((await backend.extendLock(request.id, token, this.leaseMs)) > 0) {
        if (progress !== undefined) await backend.updateProgress(request.id, progress)
        await this.#backing.records.hear(request)
        return 'go on'
      }
      this.#claimed.delete(request.id)
      return (await this.#queues.find(request.id))?.state === 'cancelled' ? 'cancelled' : 'lost'
    })
  }

  complete(claim: Claim, texts: readonly string[]): Promise<boolean> {
    return this.#inTime(async () => {
      const { token } = claim
      const { id, keepMs } = claim.request
      const { records } = this.#backing
      const pages = texts.length
      return this.#end(claim, {
        async move(job) {
          await records.keepPages({ id, token, texts, keepMs })
          await job.moveToCompleted({ token, pages }, token, false)
        },
        isDone: (job) => job.returnvalue?.token === token,
        undo: () => records.dropPages({ id, token }),
      })
    })
  }

  fail(claim: Claim, error: ErrorAnswer['error']): Promise<boolean> {
    const { token } = claim
    const ending: Ending = { state: 'failed', token, error }
    return this.#inTime(() =>
      this.#end(claim, {
        async move(job) {
          await job.moveToFailed(toReason(ending), token, false)
        },
        isDone(job) {
          const found = endingOf(job)
          return found?.state === 'failed' && found.token === token
        },
        undo: async () => undefined,
      }),
    )
  }

  release({ request, token }: Claim): Promise<void> {
    this.#claimed.delete(request.id)
    return this.#inTime(async () => {
      const queue = this.#queues.of(request.source)
      if ((await this.#backing.holderOf(queue, request.id)) !== token) return
      await queue.getBackend().retryJob(request.id, true, token)
      this.#events.tell({ id: request.id, cancelled: false })
    })
  }

  find(id: string): Promise<Job | undefined> {
    return this.#inTime(() => this.#queues.find(id))
  }

  readPage(id: string, page: number): Promise<string | undefined> {
    return this.#inTime(async () => {
      const source = await this.#backing.records.sourceOf(id)
      if (source === undefined) return undefined
      const token = (await this.#queues.kept(this.#queues.of(source), id))?.returnvalue?.token
      return token && this.#backing.records.readPage({ id, token, page })
    })
  }

  cancel(id: string): Promise<void> {
    return this.#inTime(async () => {
      const job = await this.#queues.cancel(id)
      if (job) await this.#ended(job.data, true)
    })
  }

  list({ actorId, most }: Parameters<JobStore['list']>[0]): Promise<readonly Job[]> {
    return this.#inTime(async () => {
      const jobs: Job[] = []
      for (let offset = 0; offset < mostIdsLookedAt; offset += idsAtATime) {
        const ids = await this.#backing.records.newest({ actorId, offset, most: idsAtATime })
        const found = await Promise.all(ids.map((id) => this.#queues.find(id)))
        jobs.push(...found.filter((job) => job !== undefined))
        if (jobs.length >= most || ids.length < idsAtATime) break
      }
      return jobs.slice(0, most)
    })
  }

  async whenChanged(id: string, withinMs: number, signal: AbortSignal): Promise<void> {
    const changed = new AbortController()
    const stop = this.#events.listen((event) => event.id === id && changed.abort())
    try {
      if (hasEnded(await this.find(id))) return
      const either = AbortSignal.any([signal, changed.signal])
      await pause(withinMs, undefined, { signal: either }).catch(() => undefined)
    } finally {
      stop()
    }
  }

  watchCancelled(listener: (id: string) => void): () => void {
    return this.#events.listen(({ id, cancelled }) => {
      if (cancelled && this.#claimed.delete(id)) listener(id)
    })
  }

  ready(): Promise<void> {
    return this.#inTime(async () => void (await this.#backing.records.sourceOf('none')))
  }

  async close(): Promise<void> {
    await this.#events.close()
    await within(this.#queues.close(), deadlineMs, away).catch(() => undefined)
    await within(this.#backing.close(), deadlineMs, away).catch(() => undefined)
  }

  /** Counts the unfinished anew where they are too many: some may have ended while their process did. */
  async #remember(request: JobRequest, most: number): Promise<boolean> {
    const { records } = this.#backing
    if (await records.remember(request, most)) return true
    const ids = await records.unfinished(request.actor.id)
    const jobs = await Promise.all(ids.map((id) => this.#queues.find(id)))
    const ended = ids.filter((_, index) => hasEnded(jobs[index]))
    if (ended.length === 0) return false
    await records.discount(request.actor.id, ended)
    return records.remember(request, most)
  }

  /** What was cancelled while nobody held it, lost too often or forgotten ends here instead. */
  async #mayRun(job: KeptJob, token: string): Promise<boolean> {
    const { records } = this.#backing
    const isCancelled = (await records.cancelled(job.data.id)) !== undefined
    const isLost = job.deferredFailure !== undefined
    if (!isCancelled && !isLost && (await records.sourceOf(job.data.id))) {
      await records.hear(job.data)
      this.#events.tell({ id: job.data.id, cancelled: false })
      return true
    }
    const ending: Ending =
      isLost && !isCancelled
        ? { state: 'failed', token, error: workerLost }
        : { state: 'cancelled' }
    // Whoever cancels it now ends it; two at once would lock each other out.
    if (isCancelled) await pause(cancellingMs)
    if (!(await this.#holds(job, token))) return false
    try {
      await job.moveToFailed(toReason(ending), token, false)
    } catch (error) {
      if (await this.#holds(job, token)) throw error
    }
    await this.#ended(job.data)
    return false
  }

  async #holds({ data: { source, id } }: KeptJob, token: string): Promise<boolean> {
    return (await this.#backing.holderOf(this.#queues.of(source), id)) === token
  }

  /** Whether the claim ended it. */
  async #end({ request, token }: Claim, { move, isDone, undo }: Move): Promise<boolean> {
    const queue = this.#queues.of(request.source)
    this.#claimed.delete(request.id)
    const job = await this.#queues.kept(queue, request.id)
    if (job === undefined || job.finishedOn) return false
    try {
      await move(job)
    } catch (error) {
      const now = await this.#queues.kept(queue, request.id)
      if (now === undefined || !isDone(now)) {
        if (await this.#holds(job, token)) throw error
        await undo()
        return false
      }
    }
    // It has ended, whatever comes of the rest, which is found out again.
    await this.#ended(request).catch(() => undefined)
    return true
  }

  async #ended(request: JobRequest, cancelled = false): Promise<void> {
    const { records } = this.#backing
    await records.discount(request.actor.id, [request.id])
    await records.hear(request)
    this.#events.tell({ id: request.id, cancelled })
  }

  /** Whatever the server or the way to it does wrong is one error, soon. */
  async #inTime<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      return await within(this.#backing.ready().then(work), deadlineMs, away)
    } catch (error) {
      throw error instanceof AppError ? error : away(error)
    }
  }
}

const hasEnded = (job: Job | undefined): boolean =>
  job?.state !== 'queued' && job?.state !== 'running'
