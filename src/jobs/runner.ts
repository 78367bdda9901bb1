import { setTimeout as pause } from 'node:timers/promises'
import { AppError, toAppError, toErrorAnswer } from '../base/error.ts'
import type { OnProgress } from '../base/progress.ts'
import { within } from '../base/within.ts'
import type { Claim, Job, JobRequest, JobStore } from './job-store.ts'
import { toPages } from './pages.ts'

/** What holds for the jobs of one source. */
export interface SourceJobs {
  /** That run at a time, in all processes. */
  readonly most: number
  /** Milliseconds one may run; whoever runs it ends it then. */
  readonly limitMs: number
  /** Of a page of a result. */
  readonly pageBytes: number
}

export interface RunnerOptions {
  readonly store: JobStore
  /** Those served here, by name. */
  readonly sources: ReadonlyMap<string, SourceJobs>
  /** Gives the JSON of the answer. Throws AppErrors only. */
  readonly run: (request: JobRequest, how: RunHow) => Promise<string>
  /** Remembers how a job ended that was run here. */
  readonly onEnded: (ended: EndedJob) => Promise<void>
  /** Hears what goes wrong with the store, for whoever runs the server. */
  readonly onError: (error: unknown) => void
}

export interface RunHow {
  readonly signal: AbortSignal
  readonly onProgress: OnProgress
}

/** A job that was run here, and whose end is kept. */
export interface EndedJob {
  readonly request: JobRequest
  readonly attempt: number
  /** The JSON of the answer, or why there is none; `cancelled` where somebody ended it. */
  readonly outcome: string | AppError
  /** Milliseconds for which it ran here, as a job. */
  readonly ms: number
}

/** A question that is being answered. */
export interface Work {
  /** The JSON of the answer. */
  readonly text: Promise<string>
  /** Ends it, in the engine too. */
  readonly cancel: AbortController
  /** As it was told last. */
  readonly progress: () => Job['progress']
}

interface Running extends Work {
  readonly claim: Claim
  readonly ended: Promise<void>
}

/** How often jobs are looked for that another process left: between these two, in milliseconds. */
const lookEveryMs = [1500, 3000] as const
/** Of a lease, after which it is renewed. */
const renewAfter = 0.3
/** Milliseconds more than its limit, after which a job is ended from here. */
const overdueMs = 30_000
/** How long, and how often, it is tried to keep a result where the store is away. */
const keepTryingMs = 30_000
const tryEveryMs = 500
/** For statements to end, when the process does. */
const closingMs = 2000

/** Runs the jobs of this process, as many as the store gives it. */
export class JobRunner {
  readonly #options: RunnerOptions
  readonly #running = new Map<string, Running>()
  readonly #endWatching: () => void
  #looking: NodeJS.Timeout
  readonly #closing = new AbortController()

  constructor(options: RunnerOptions) {
    this.#options = options
    this.#endWatching = options.store.watchCancelled((id) => this.#running.get(id)?.cancel.abort())
    this.#looking = this.#lookLater(0)
  }

  /** The job that answers this question here and now. */
  idOf(key: string): string | undefined {
    for (const [id, { claim }] of this.#running) if (claim.request.key === key) return id
    return undefined
  }

  /**
   * Goes on with work that began before it was a job, if that may run now. Otherwise the work is ended, and
   * the job is begun again in its turn.
   */
  async takeOver({ id, source }: JobRequest, work: Work): Promise<void> {
    const taken = await this.#claimAll(source, (claim) =>
      claim.request.id === id ? work : this.#begin(claim.request),
    )
    if (!taken.includes(id)) discard(work)
  }

  /** Gives back what runs, for another process to begin again. */
  async close(): Promise<void> {
    this.#closing.abort()
    clearTimeout(this.#looking)
    this.#endWatching()
    const running = [...this.#running.values()]
    for (const { cancel } of running) cancel.abort()
    const ended = Promise.all(running.map((one) => one.ended))
    await within(ended, closingMs, stillRunning).catch(() => undefined)
  }

  #lookLater(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      void this.#look()
      const [least, most] = lookEveryMs
      this.#looking = this.#lookLater(least + Math.random() * (most - least))
    }, ms).unref()
  }

  async #look(): Promise<void> {
    for (const source of this.#options.sources.keys()) await this.#claimNext(source)
  }

  async #claimNext(source: string): Promise<void> {
    try {
      await this.#claimAll(source, ({ request }) => this.#begin(request))
    } catch (error) {
      this.#options.onError(error)
    }
  }

  /** Claims what may run now; gives the ids. */
  async #claimAll(source: string, begin: (claim: Claim) => Work): Promise<string[]> {
    const { store, sources } = this.#options
    const terms = sources.get(source)
    const taken: string[] = []
    if (terms === undefined) return taken
    while (!this.#closing.signal.aborted) {
      const claim = await store.claim(source, terms.most)
      if (claim === undefined) break
      this.#carry(claim, begin(claim), terms)
      taken.push(claim.request.id)
    }
    return taken
  }

  #begin(request: JobRequest): Work {
    const cancel = new AbortController()
    let progress: Job['progress'] = {}
    const onProgress: OnProgress = (told) => (progress = { ...progress, ...told })
    const text = this.#options.run(request, { signal: cancel.signal, onProgress })
    return { text, cancel, progress: () => progress }
  }

  #carry(claim: Claim, work: Work, terms: SourceJobs): void {
    if (this.#closing.signal.aborted) work.cancel.abort()
    const { id, source } = claim.request
    const { store, onError } = this.#options
    const renewing = setInterval(() => void this.#renew(claim, work), store.leaseMs * renewAfter)
    const overdue = setTimeout(() => work.cancel.abort(), terms.limitMs + overdueMs)
    const ended = this.#finish(claim, work, terms)
      .catch(onError)
      .finally(() => {
        clearInterval(renewing)
        clearTimeout(overdue)
        this.#running.delete(id)
        void this.#claimNext(source)
      })
    this.#running.set(id, { ...work, claim, ended })
  }

  async #renew(claim: Claim, { cancel, progress }: Work): Promise<void> {
    try {
      if ((await this.#options.store.renew(claim, progress())) !== 'go on') cancel.abort()
    } catch (error) {
      // The store may be back for the next time; if not, the claim is lost and its result refused.
      this.#options.onError(error)
    }
  }

  /** What the store refuses was cancelled, or is answered by somebody else. */
  async #finish(claim: Claim, { text }: Work, { pageBytes }: SourceJobs): Promise<void> {
    const { store, onEnded } = this.#options
    const began = performance.now()
    const outcome = await text.catch(toAppError)
    const { request, attempt } = claim
    const ended: EndedJob = { request, attempt, outcome, ms: performance.now() - began }
    if (typeof outcome !== 'string' && this.#closing.signal.aborted) return store.release(claim)
    const isKept = await this.#insist(() =>
      typeof outcome === 'string'
        ? store.complete(claim, toPages(outcome, pageBytes))
        : store.fail(claim, toErrorAnswer(outcome).error),
    )
    if (isKept) return onEnded(ended)
    const found = await store.find(request.id)
    if (found?.state === 'cancelled') await onEnded({ ...ended, outcome: cancelled() })
  }

  /** What took minutes is not thrown away because the store is away at the end of them. */
  async #insist(keep: () => Promise<boolean>): Promise<boolean> {
    const { signal } = this.#closing
    const deadline = performance.now() + keepTryingMs
    for (;;) {
      try {
        return await keep()
      } catch (error) {
        if (signal.aborted || performance.now() > deadline) throw error
        await pause(tryEveryMs, undefined, { signal, ref: false }).catch(() => undefined)
      }
    }
  }
}

/** Ends work whose answer nobody waits for. */
function discard({ text, cancel }: Work): void {
  text.catch(() => undefined)
  cancel.abort()
}

const cancelled = (): AppError => new AppError('cancelled', 'The job was cancelled.')

const stillRunning = (): AppError => new AppError('timed_out', 'A job does not end.')
