import { AppError, toAppError } from '../../base/error.ts'
import type { OnProgress } from '../../base/progress.ts'
import { WaitingLine } from '../waiting-line.ts'
import type { SpawnOptions } from './spawn.ts'
import { WorkerProcess } from './worker-process.ts'

export interface PoolOptions extends SpawnOptions {
  /** Sent first to every worker, so that it opens what it works on. */
  readonly opening: unknown
  /** Most requests that run at a time. */
  readonly concurrency: number
}

export interface RunOptions {
  /** For waiting in line and running together; what a new worker takes to start is not the statement's. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** Called with the worker about to be asked: what it already knows need not be sent again. */
  readonly request: (worker: WorkerProcess) => unknown
  readonly onProgress?: OnProgress | undefined
}

const openingMs = 10_000
/** Of what a worker takes to start, so much is not taken from the time of the statement it starts for. */
const excusedMs = 4500
const spareIdleMs = 30_000
/** Quick statements, which most are, give their worker back before another one would have started. */
const spareAfterMs = 100

/**
 * Warm worker processes. Behind a statement that is not quick another one is made ready, so that one
 * that runs away never makes the next caller wait. A worker's state is the list it stands in: starting,
 * idle or busy.
 */
export class ProcessPool {
  readonly #options: PoolOptions
  readonly #starting = new Set<WorkerProcess>()
  readonly #busy = new Set<WorkerProcess>()
  /** How long each took to start, until it is given to a statement. */
  readonly #startMs = new WeakMap<WorkerProcess, number>()
  readonly #line = new WaitingLine<WorkerProcess>()
  #idle: WorkerProcess[] = []
  #retiring: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: PoolOptions) {
    this.#options = options
  }

  async run({ timeoutMs, signal, request, onProgress }: RunOptions): Promise<unknown> {
    const asked = performance.now()
    const worker = await this.#acquire(asked + timeoutMs, signal)
    const spare = setTimeout(() => this.#startFor(this.#line.length + 1), spareAfterMs)
    try {
      const deadline = asked + timeoutMs + this.#startedFor(worker, asked)
      if (deadline <= performance.now()) throw tooBusy()
      onProgress?.({})
      return await worker.ask(request(worker), { deadline, timeoutMs, signal, onProgress })
    } finally {
      clearTimeout(spare)
      this.#release(worker)
    }
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#retiring)
    this.#line.dismiss(closing())
    for (const worker of [...this.#starting, ...this.#busy, ...this.#idle]) worker.kill()
  }

  /** Milliseconds of the wait in which this worker started: a statement's own time has not begun. */
  #startedFor(worker: WorkerProcess, asked: number): number {
    const startMs = this.#startMs.get(worker) ?? 0
    this.#startMs.delete(worker)
    return Math.min(startMs, performance.now() - asked, excusedMs)
  }

  async #acquire(deadline: number, signal: AbortSignal): Promise<WorkerProcess> {
    if (this.#closed) throw closing()
    const worker = this.#take()
    if (worker !== undefined) return worker
    if (this.#mayRun) this.#startFor(this.#line.length + 1)
    let excused = false
    const late = (): AppError | number => {
      if (excused) return startsSlowly()
      if (this.#starting.size === 0 || !this.#mayRun) return tooBusy()
      excused = true
      return excusedMs
    }
    return this.#line.wait({ deadline, signal, late })
  }

  get #mayRun(): boolean {
    return this.#busy.size < this.#options.concurrency
  }

  /** An idle worker, if one more may run. */
  #take(): WorkerProcess | undefined {
    const worker = this.#mayRun ? this.#idle.pop() : undefined
    if (worker !== undefined) this.#busy.add(worker)
    return worker
  }

  /** So many are ready or starting, if there is room for them; there is for one more than may run. */
  #startFor(callers: number): void {
    const ready = this.#idle.length + this.#starting.size
    const room = this.#options.concurrency + 1 - this.#busy.size
    for (let more = Math.min(callers, room) - ready; more > 0 && !this.#closed; more--)
      this.#start()
  }

  #start(): void {
    const worker = new WorkerProcess(this.#options, (gone) => this.#forget(gone))
    this.#starting.add(worker)
    const began = performance.now()
    const deadline = began + openingMs
    const signal = new AbortController().signal
    worker.ask(this.#options.opening, { deadline, timeoutMs: openingMs, signal }).then(
      () => this.#started(worker, performance.now() - began),
      (error: unknown) => this.#openingFailed(worker, toAppError(error)),
    )
  }

  #started(worker: WorkerProcess, startMs: number): void {
    this.#startMs.set(worker, startMs)
    this.#release(worker)
  }

  /** Nobody else is coming: those in line are told why. */
  #openingFailed(worker: WorkerProcess, error: AppError): void {
    this.#starting.delete(worker)
    worker.kill()
    if (this.#starting.size + this.#busy.size > 0) return
    const reason = error.code === 'timed_out' ? startsSlowly() : error
    this.#line.dismiss(reason)
  }

  #release(worker: WorkerProcess): void {
    this.#starting.delete(worker)
    this.#busy.delete(worker)
    if (this.#closed || !worker.alive || worker.worn) worker.kill()
    else this.#idle.push(worker)
    this.#serveWaiters()
    if (this.#idle.length > 1) this.#retiring ??= this.#retireLater()
  }

  #serveWaiters(): void {
    while (this.#line.length > 0) {
      const worker = this.#take()
      if (worker === undefined) break
      this.#line.admit(worker)
    }
    if (this.#mayRun) this.#startFor(this.#line.length)
  }

  #retireLater(): NodeJS.Timeout {
    return setTimeout(() => {
      this.#retiring = undefined
      for (const spare of this.#idle.splice(1)) spare.kill()
    }, spareIdleMs).unref()
  }

  #forget(worker: WorkerProcess): void {
    this.#starting.delete(worker)
    this.#busy.delete(worker)
    this.#idle = this.#idle.filter((other) => other !== worker)
  }
}

const tooBusy = (): AppError =>
  new AppError('too_busy', 'All workers of this source are busy with other statements.')

const startsSlowly = (): AppError =>
  new AppError('too_busy', 'The process for the statement takes long to start.', {
    hint: 'Ask again in a moment.',
  })

const closing = (): AppError => new AppError('source_unavailable', 'The source has been closed.')
