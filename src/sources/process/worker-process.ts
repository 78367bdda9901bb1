import type { ChildProcess } from 'node:child_process'
import type { OnProgress, Progress } from '../../base/progress.ts'
import { AppError, type ErrorCode } from '../../base/error.ts'
import { residentBytes } from './memory.ts'
import { type SpawnOptions, spawnWorker } from './spawn.ts'

/** Sent any number of times before the reply. */
export interface Report {
  readonly progress: Progress
}

/** What a worker sends back: a value, or the parts of an AppError. */
export type Reply =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false
      readonly code: ErrorCode
      readonly message: string
      readonly hint: string
      readonly subject: string | undefined
      /** For the log, where it is a fault of ours. */
      readonly stack: string | undefined
    }

export interface Bounds {
  /** When the answer must be there, in milliseconds of `performance.now()`. */
  readonly deadline: number
  /** Told to the caller when the deadline passes. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly onProgress?: OnProgress | undefined
}

interface Waiting {
  resolve(value: unknown): void
  reject(error: AppError): void
  readonly onProgress: OnProgress | undefined
}

/** After how long a call's memory is looked at, and how often from then on. */
const watchEveryMs = 40
/** A worker that has worked this long, or holds this much when it is done, is replaced. */
const wornAfterMs = 20_000
const wornBytes = 192 * 1024 * 1024
const stderrBytes = 8192

/**
 * One child process that answers one request at a time. Whatever goes wrong (deadline, cancel,
 * memory) ends the process: native code cannot be interrupted any other way.
 */
export class WorkerProcess {
  readonly #child: ChildProcess
  readonly #memoryBytes: number
  #waiting: Waiting | undefined
  #alive = true
  #busyMs = 0
  #residentBytes = 0
  #stderr = ''

  /** `onExit` is called once, however the process ends. */
  constructor(options: SpawnOptions, onExit: (worker: WorkerProcess) => void) {
    this.#memoryBytes = options.memoryBytes
    this.#child = spawnWorker(options)
    this.#child.on('message', (message) => this.#hear(message as Reply | Report))
    this.#child.on('error', () => this.#gone(onExit))
    this.#child.on('exit', () => this.#gone(onExit))
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-stderrBytes)
    })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  get alive(): boolean {
    return this.#alive
  }

  get worn(): boolean {
    return this.#busyMs > wornAfterMs || this.#residentBytes > wornBytes
  }

  /** @throws AppError `timed_out`, `cancelled`, `memory_exceeded`, `worker_lost`, or the worker's own. */
  async ask(request: unknown, bounds: Bounds): Promise<unknown> {
    const started = performance.now()
    const stop = (error: AppError): void => {
      this.#waiting?.reject(error)
      this.kill()
    }
    const onAbort = (): void => stop(new AppError('cancelled', 'The call was cancelled.'))
    const timer = setTimeout(() => stop(timedOut(bounds.timeoutMs)), bounds.deadline - started)
    const watch = setInterval(() => void this.#watchMemory(stop), watchEveryMs)
    bounds.signal.addEventListener('abort', onAbort, { once: true })
    try {
      return await this.#exchange(request, bounds)
    } finally {
      clearTimeout(timer)
      clearInterval(watch)
      bounds.signal.removeEventListener('abort', onAbort)
      this.#busyMs += performance.now() - started
    }
  }

  kill(): void {
    this.#alive = false
    this.#child.kill('SIGKILL')
  }

  #exchange(request: unknown, { signal, onProgress }: Bounds): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const settle: Waiting = { resolve, reject, onProgress }
      this.#waiting = settle
      if (signal.aborted) return reject(new AppError('cancelled', 'The call was cancelled.'))
      this.#child.send(request as object, (error) => {
        if (error !== null && this.#waiting === settle) reject(workerLost(this.#stderr))
      })
    })
  }

  #hear(message: Reply | Report): void {
    if ('progress' in message) this.#waiting?.onProgress?.(message.progress)
    else this.#settle(message)
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (reply.ok) waiting?.resolve(reply.value)
    else waiting?.reject(new AppError(reply.code, reply.message, { ...reply, cause: reply.stack }))
  }

  #gone(onExit: (worker: WorkerProcess) => void): void {
    this.#alive = false
    this.#waiting?.reject(workerLost(this.#stderr))
    this.#waiting = undefined
    onExit(this)
  }

  async #watchMemory(stop: (error: AppError) => void): Promise<void> {
    if (this.pid === undefined) return
    this.#residentBytes = (await residentBytes(this.pid)) ?? 0
    if (this.#residentBytes > this.#memoryBytes) stop(memoryExceeded(this.#memoryBytes))
  }
}

const timedOut = (timeoutMs: number): AppError =>
  new AppError(
    'timed_out',
    `The statement was stopped after ${timeoutMs / 1000} s, its time limit.`,
  )

const memoryExceeded = (bytes: number): AppError =>
  new AppError(
    'memory_exceeded',
    `The statement was stopped: it needed more than ${Math.round(bytes / 1024 / 1024)} MB of memory.`,
  )

function workerLost(stderr: string): AppError {
  if (/heap out of memory|memory allocation/i.test(stderr)) {
    return new AppError('memory_exceeded', 'The statement was stopped: it ran out of memory.')
  }
  return new AppError('worker_lost', 'The process that ran the statement ended unexpectedly.', {
    cause: stderr === '' ? undefined : stderr,
  })
}
