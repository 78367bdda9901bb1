import { AppError } from '../base/error.ts'
import type { JobStore } from './job-store.ts'
import { mayHoldJobs, openJobStore, type StoreOptions } from './open-store.ts'
import type { JobRunner, RunnerOptions } from './runner.ts'

export type JobsOptions = StoreOptions & Omit<RunnerOptions, 'store'>

/** Once the first job is made or asked for. */
export interface OpenJobs {
  readonly store: JobStore
  readonly runner: JobRunner
}

/** The jobs of a server: nothing is loaded or written before they are needed. */
export class Jobs {
  readonly #options: JobsOptions
  #opening: Promise<OpenJobs> | undefined
  #opened: OpenJobs | undefined
  #closed = false

  constructor(options: JobsOptions) {
    this.#options = options
  }

  /** @throws AppError where the store cannot be used */
  async open(): Promise<OpenJobs> {
    if (this.#closed) throw new AppError('source_unavailable', 'The server is closing.')
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined
      this.#options.onError(error)
      throw error
    })
    return this.#opening
  }

  /** Goes on with what processes before this one have left, where there is anything. */
  async resume(): Promise<void> {
    if (mayHoldJobs(this.#options.url)) await this.open().catch(() => undefined)
  }

  /** The job that answers this question in this process. */
  runningAs(key: string): string | undefined {
    return this.#opened?.runner.idOf(key)
  }

  /** Rejects where jobs cannot be kept now; what is not made yet is not made for that. */
  async ready(): Promise<void> {
    if (!mayHoldJobs(this.#options.url)) return
    const { store } = await this.open()
    await store.ready()
  }

  get isOpen(): boolean {
    return this.#opened !== undefined
  }

  async close(): Promise<void> {
    this.#closed = true
    const opened = await this.#opening?.catch(() => undefined)
    await opened?.runner.close()
    await opened?.store.close()
  }

  async #open(): Promise<OpenJobs> {
    const [store, { JobRunner }] = await Promise.all([
      openJobStore(this.#options),
      import('./runner.ts'),
    ])
    this.#opened = { store, runner: new JobRunner({ ...this.#options, store }) }
    return this.#opened
  }
}
