import { availableParallelism } from 'node:os'
import { AppError, toAppError } from '../../base/error.ts'
import type { OnProgress } from '../../base/progress.ts'
import { closed, WaitingLine } from '../waiting-line.ts'
import type { SpawnOptions } from './spawn.ts'
import { takenBack, WorkerProcess } from './worker-process.ts'

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
  /** Called with the worker that is asked: what it already knows need not be sent again. */
  readonly request: (worker: WorkerProcess) => unknown
  readonly onProgress?: OnProgress | undefined
}

const openingMs = 10_000
/** Of what a worker takes to start, so much is not taken from the time of the statement it starts for. */
const excusedMs = 4500
const spareIdleMs = 30_000
/** Behind quick statements one waits so long rather than wake another worker: that takes as long as some of them. */
const wakingMs = 1
/** And so long rather than start one. */
const startingMs = 10

/**
 * Warm worker processes. Quick statements stand in line at one of them, and are taken back where one before
 * them is not quick; behind such a one another worker is made ready, so that one that runs away never makes
 * the next caller wait. A worker's state is the list it stands in: starting, idle or busy.
 */
export class ProcessPool {
  readonly #options: PoolOptions
  readonly #starting = new Set<WorkerProcess>()
  /** With how many statements each. */
  readonly #busy = new Map<WorkerProcess, number>()
  /** From when to when each started. */
  readonly #started = new WeakMap<
    WorkerProcess,
    { readonly began: number; readonly ended: number }
  >()
  readonly #line = new WaitingLine<WorkerProcess>()
  #idle: WorkerProcess[] = []
  #retiring: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: PoolOptions) {
    this.#options = options
  }

  async run({ timeoutMs, signal, request, onProgress }: RunOptions): Promise<unknown> {
    const asked = performance.now()
    for (;;) {
      const worker = await this.#acquire(asked + timeoutMs, signal)
      try {
        const deadline = asked + timeoutMs + this.#startedFor(worker, asked)
        if (deadline <= performance.now()) throw tooBusy()
        return await worker.ask(request, { deadline, timeoutMs, signal, onProgress })
      } catch (error) {
        if (error !== takenBack) throw error
      } finally {
        this.#release(worker)
      }
    }
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#retiring)
    this.#line.dismiss(closed())
    for (const worker of [...this.#starting, ...this.#busy.keys(), ...this.#idle]) worker.kill()
  }

  /** Milliseconds of the wait in which this worker started: a statement's own time had not begun. */
  #startedFor(worker: WorkerProcess, asked: number): number {
    const { began, ended } = this.#started.get(worker) ?? { began: 0, ended: 0 }
    return Math.min(Math.max(0, ended - Math.max(began, asked)), excusedMs)
  }

  async #acquire(deadline: number, signal: AbortSignal): Promise<WorkerProcess> {
    if (this.#closed) throw closed()
    const worker = this.#line.length === 0 ? this.#take() : undefined
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

  /** One that will be done with all it has before an idle one is awake, and that one before one has started. */
  #take(): WorkerProcess | undefined {
    const idle = this.#mayRun ? this.#idle.at(-1) : undefined
    const worker = this.#doneWithin(wakingMs) ?? idle ?? this.#doneWithin(startingMs)
    if (worker === undefined) return undefined
    if (worker === idle) this.#idle.pop()
    this.#busy.set(worker, (this.#busy.get(worker) ?? 0) + 1)
    return worker
  }

  #doneWithin(ms: number): WorkerProcess | undefined {
    for (const [worker, statements] of this.#busy)
      if (statements * worker.usualMs < ms && !worker.worn) return worker
    return undefined
  }

  /**
   * So many are ready or starting, if there is room for them; there is for one more than may run. As many
   * start at a time as there are processors to start them.
   */
  #startFor(callers: number): void {
    const ready = this.#idle.length + this.#starting.size
    const room = this.#options.concurrency + 1 - this.#busy.size
    const more = Math.min(
      Math.min(callers, room) - ready,
      availableParallelism() - this.#starting.size,
    )
    for (let started = 0; started < more && !this.#closed; started++) this.#start()
  }

  /** Another one is made ready for whoever comes; one that opens for long is the source's, and another would not help. */
  #relieve(worker: WorkerProcess): void {
    if (this.#busy.has(worker)) this.#startFor(this.#line.length + 1)
  }

  #start(): void {
    const worker = new WorkerProcess(this.#options, {
      onExit: (gone) => this.#forget(gone),
      onLong: (busy) => this.#relieve(busy),
    })
    this.#starting.add(worker)
    const began = performance.now()
    const deadline = began + openingMs
    const signal = new AbortController().signal
    worker
      .ask(() => this.#options.opening, { deadline, timeoutMs: openingMs, signal })
      .then(
        () => this.#open(worker, began),
        (error: unknown) => this.#openingFailed(worker, toAppError(error)),
      )
  }

  #open(worker: WorkerProcess, began: number): void {
    this.#started.set(worker, { began, ended: performance.now() })
    this.#starting.delete(worker)
    this.#settle(worker)
  }

  /** Nobody else is coming: those in line are told why. */
  #openingFailed(worker: WorkerProcess, error: AppError): void {
    this.#starting.delete(worker)
    worker.kill()
    if (this.#starting.size + this.#busy.size > 0) return
    const reason = error.code === 'timed_out' ? startsSlowly() : error
    this.#line.dismiss(reason)
  }

  /** One of its statements is done. */
  #release(worker: WorkerProcess): void {
    const others = (this.#busy.get(worker) ?? 1) - 1
    if (others > 0 && worker.alive) {
      this.#busy.set(worker, others)
      return this.#serveWaiters()
    }
    this.#busy.delete(worker)
    this.#settle(worker)
  }

  /** It has nothing to do. */
  #settle(worker: WorkerProcess): void {
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
