import { AppError, toAppError, toErrorAnswer } from '../base/error.ts'
import { within } from '../base/within.ts'
import type { Claim, JobRequest, JobStore } from './job-store.ts'
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
  readonly run: (request: JobRequest, signal: AbortSignal) => Promise<string>
  /** Hears what goes wrong with the store, for whoever runs the server. */
  readonly onError: (error: unknown) => void
}

/** A question that is being answered. */
export interface Work {
  /** The JSON of the answer. */
  readonly text: Promise<string>
  /** Ends it, in the engine too. */
  readonly cancel: AbortController
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
/** For statements to end, when the process does. */
const closingMs = 2000

/** Runs the jobs of this process, as many as the store gives it. */
export class JobRunner {
  readonly #options: RunnerOptions
  readonly #running = new Map<string, Running>()
  readonly #endWatching: () => void
  #looking: NodeJS.Timeout
  #closing = false

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
    this.#closing = true
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
    while (!this.#closing) {
      const claim = await store.claim(source, terms.most)
      if (claim === undefined) break
      this.#carry(claim, begin(claim), terms)
      taken.push(claim.request.id)
    }
    return taken
  }

  #begin(request: JobRequest): Work {
    const cancel = new AbortController()
    return { text: this.#options.run(request, cancel.signal), cancel }
  }

  #carry(claim: Claim, work: Work, terms: SourceJobs): void {
    if (this.#closing) work.cancel.abort()
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

  async #renew(claim: Claim, { cancel }: Work): Promise<void> {
    try {
      if ((await this.#options.store.renew(claim)) !== 'go on') cancel.abort()
    } catch (error) {
      // The store may be back for the next time; if not, the claim is lost and its result refused.
      this.#options.onError(error)
    }
  }

  /** What the store refuses was cancelled, or is answered by somebody else. */
  async #finish(claim: Claim, { text }: Work, { pageBytes }: SourceJobs): Promise<void> {
    const { store } = this.#options
    const answer = await text.catch(toAppError)
    if (typeof answer === 'string') await store.complete(claim, toPages(answer, pageBytes))
    else if (this.#closing) await store.release(claim)
    else await store.fail(claim, toErrorAnswer(answer).error)
  }
}

/** Ends work whose answer nobody waits for. */
export function discard({ text, cancel }: Work): void {
  text.catch(() => undefined)
  cancel.abort()
}

const stillRunning = (): AppError => new AppError('timed_out', 'A job does not end.')
