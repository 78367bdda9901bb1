import { AppError, toAppError } from '../../base/error.ts'
import type { SpawnOptions } from './spawn.ts'
import { WorkerProcess } from './worker-process.ts'

export interface PoolOptions extends SpawnOptions {
  /** Sent first to every worker, so that it opens what it works on. */
  readonly opening: unknown
  /** Most workers at a time. */
  readonly size: number
}

export interface RunOptions {
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** Called with the worker about to be asked: what it already knows need not be sent again. */
  readonly request: (worker: WorkerProcess) => unknown
}

interface Waiter {
  resolve(worker: WorkerProcess): void
  reject(error: AppError): void
}

const openingMs = 10_000
/** A call that takes longer than this has a spare worker started behind it. */
const spareAfterMs = 5
const spareIdleMs = 30_000
const waitingPerWorker = 16

/**
 * Warm worker processes. One is kept ready; while all are busy another is started ahead of need, so
 * that a statement that runs away never makes the next caller wait. A worker's state is the list it
 * stands in: starting, idle or busy.
 */
export class ProcessPool {
  readonly #options: PoolOptions
  readonly #starting = new Set<WorkerProcess>()
  readonly #busy = new Set<WorkerProcess>()
  #idle: WorkerProcess[] = []
  #waiters: Waiter[] = []
  #retiring: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: PoolOptions) {
    this.#options = options
  }

  async run({ timeoutMs, signal, request }: RunOptions): Promise<unknown> {
    const deadline = performance.now() + timeoutMs
    const worker = await this.#acquire(deadline, signal)
    const spare = setTimeout(() => this.#startSpare(), spareAfterMs)
    try {
      return await worker.ask(request(worker), { deadline, timeoutMs, signal })
    } finally {
      clearTimeout(spare)
      this.#release(worker)
    }
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#retiring)
    for (const waiter of this.#waiters.splice(0)) waiter.reject(closing())
    for (const worker of [...this.#starting, ...this.#busy, ...this.#idle]) worker.kill()
  }

  #count(): number {
    return this.#starting.size + this.#busy.size + this.#idle.length
  }

  async #acquire(deadline: number, signal: AbortSignal): Promise<WorkerProcess> {
    if (this.#closed) throw closing()
    const idle = this.#idle.pop()
    if (idle !== undefined) {
      this.#busy.add(idle)
      return idle
    }
    if (this.#waiters.length >= this.#options.size * waitingPerWorker) throw tooBusy()
    return this.#wait(deadline, signal)
  }

  /** In line for the next worker that is free, whoever started it. */
  #wait(deadline: number, signal: AbortSignal): Promise<WorkerProcess> {
    return new Promise((resolve, reject) => {
      const leave = (error: AppError): void => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter)
        waiter.reject(error)
      }
      const onAbort = (): void => leave(new AppError('cancelled', 'The call was cancelled.'))
      const timer = setTimeout(() => leave(tooBusy()), deadline - performance.now())
      const done = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
      }
      const waiter: Waiter = {
        resolve: (worker) => (done(), resolve(worker)),
        reject: (error) => (done(), reject(error)),
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiters.push(waiter)
      if (signal.aborted) onAbort()
      else if (this.#starting.size < this.#waiters.length) this.#startSpare()
    })
  }

  #startSpare(): void {
    const needed = this.#idle.length === 0 && this.#starting.size <= this.#waiters.length
    if (needed && this.#count() < this.#options.size && !this.#closed) this.#start()
  }

  #start(): void {
    const worker = new WorkerProcess(this.#options, (gone) => this.#forget(gone))
    this.#starting.add(worker)
    const deadline = performance.now() + openingMs
    const signal = new AbortController().signal
    worker.ask(this.#options.opening, { deadline, timeoutMs: openingMs, signal }).then(
      () => this.#release(worker),
      (error: unknown) => this.#openingFailed(worker, toAppError(error)),
    )
  }

  /** Nobody else is coming: those in line are told why. */
  #openingFailed(worker: WorkerProcess, error: AppError): void {
    this.#starting.delete(worker)
    worker.kill()
    if (this.#starting.size + this.#busy.size > 0) return
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error)
  }

  #release(worker: WorkerProcess): void {
    this.#starting.delete(worker)
    this.#busy.delete(worker)
    if (this.#closed || !worker.alive || worker.worn) {
      worker.kill()
      return this.#startSpare()
    }
    const waiter = this.#waiters.shift()
    if (waiter === undefined) return this.#rest(worker)
    this.#busy.add(worker)
    waiter.resolve(worker)
  }

  #rest(worker: WorkerProcess): void {
    this.#idle.push(worker)
    if (this.#idle.length === 1 || this.#retiring !== undefined) return
    this.#retiring = setTimeout(() => this.#retireSpares(), spareIdleMs).unref()
  }

  #retireSpares(): void {
    this.#retiring = undefined
    for (const spare of this.#idle.splice(0, this.#idle.length - 1)) spare.kill()
  }

  #forget(worker: WorkerProcess): void {
    this.#starting.delete(worker)
    this.#busy.delete(worker)
    this.#idle = this.#idle.filter((other) => other !== worker)
  }
}

const tooBusy = (): AppError =>
  new AppError('too_busy', 'All workers of this source are busy with other statements.')

const closing = (): AppError => new AppError('source_unavailable', 'The source has been closed.')
