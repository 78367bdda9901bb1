import type { ChildProcess } from 'node:child_process'
import { AppError, cancelled } from '../../base/error.ts'
import { type Asked, type Bounds, toAsked } from './asked.ts'
import { residentBytes } from './memory.ts'
import type { Reply, WorkerMessage } from './messages.ts'
import { type SpawnOptions, spawnWorker } from './spawn.ts'

/** What becomes of a worker by itself. */
export interface WorkerEvents {
  /** Called when the process has ended, however it did. */
  readonly onExit?: ((worker: WorkerProcess) => void) | undefined
  /** Called while a request runs that may go on for long. */
  readonly onLong?: ((worker: WorkerProcess) => void) | undefined
}

/** How often a worker at work is looked at: deadlines and memory are as exact as that. */
const lookEveryMs = 20
/** Behind a request that has run this long nobody begins to wait. */
const lateMs = 25
/** Behind one that has run this long nobody waits any longer. */
const slowMs = 50
/** One that has run this long may go on; most have given their worker back before another one had started. */
const longMs = 100
/** A worker that has worked this long, or holds this much when it is done, is replaced. */
const wornAfterMs = 20_000
const wornBytes = 192 * 1024 * 1024
/** Of what its requests took lately, how much the last one tells. */
const lastWeight = 0.3
/** One that it works on, and one that it finds when it is done. To write one costs as much as some quick requests. */
const mostMessages = 2
const stderrBytes = 8192

/**
 * One child process that answers one request after another. Whatever goes wrong (deadline, cancel,
 * memory) ends the process: native code cannot be interrupted any other way. What was asked meanwhile
 * and has not begun is given back.
 */
export class WorkerProcess {
  readonly #child: ChildProcess
  readonly #memoryBytes: number
  readonly #events: WorkerEvents
  /** In the order of the answers: the first one is running. */
  #asked: Asked[] = []
  /** Of those, what is not sent yet. */
  #unsent: unknown[] = []
  /** Of the messages that were sent, how many requests of each have no answer yet. */
  readonly #sent: number[] = []
  /** When the first of them began. */
  #since = 0
  #looking: NodeJS.Timeout | undefined
  #alive = true
  #busyMs = 0
  #usualMs = Number.POSITIVE_INFINITY
  #residentBytes = 0
  #stderr = ''

  constructor(options: SpawnOptions, events: WorkerEvents) {
    this.#memoryBytes = options.memoryBytes
    this.#events = events
    this.#child = spawnWorker(options)
    this.#child.on('message', (message) => this.#hear(message as WorkerMessage))
    this.#child.on('error', () => this.#gone())
    // Not `exit`: replies that came before it are heard first.
    this.#child.on('close', () => this.#gone())
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

  /** Milliseconds that its requests took lately; infinite before the first answer, and while one takes long. */
  get usualMs(): number {
    const isLate = this.#asked.length > 0 && performance.now() - this.#since > lateMs
    return isLate ? Number.POSITIVE_INFINITY : this.#usualMs
  }

  /**
   * @param request is called where it will be sent, and only there
   * @throws AppError `timed_out`, `cancelled`, `memory_exceeded`, `worker_lost`, or the worker's own;
   *   `takenBack` where another request was before it, and it has not begun.
   */
  ask(request: (worker: WorkerProcess) => unknown, bounds: Bounds): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => this.#cancel(asked)
      const asked = toAsked(bounds, { resolve, reject, onAbort })
      if (bounds.signal.aborted) return asked.reject(cancelled())
      const first = this.#unsent.push(request(this)) === 1
      this.#asked.push(asked)
      if (first) setImmediate(() => this.#send())
      if (this.#asked[0] === asked) this.#begin()
      this.#looking ??= setInterval(() => setImmediate(() => this.#look()), lookEveryMs)
    })
  }

  kill(): void {
    this.#alive = false
    this.#child.kill('SIGKILL')
  }

  /** What is asked in one turn travels as one message; so does what is asked while the worker has enough to do. */
  #send(): void {
    if (this.#unsent.length === 0 || this.#sent.length === mostMessages) return
    this.#sent.push(this.#unsent.length)
    this.#child.send(this.#unsent.splice(0), (error) => {
      if (error !== null) this.#stop(workerLost(this.#stderr))
    })
  }

  #hear(message: WorkerMessage): void {
    if ('progress' in message) this.#asked[0]?.bounds.onProgress?.(message.progress)
    else this.#settle(message)
  }

  /** True when it was the last one of its message. */
  #countReply(): void {
    const [left = 1] = this.#sent
    if (left > 1) this.#sent[0] = left - 1
    else this.#sent.shift()
    if (left === 1) this.#send()
  }

  #begin(): void {
    this.#since = performance.now()
    this.#asked[0]?.bounds.onProgress?.({})
  }

  #settle(reply: Reply): void {
    const { tookMs } = reply
    this.#busyMs += tookMs
    this.#usualMs = Number.isFinite(this.#usualMs)
      ? this.#usualMs + (tookMs - this.#usualMs) * lastWeight
      : tookMs
    const asked = this.#asked.shift()
    this.#countReply()
    this.#begin()
    if (reply.ok) asked?.resolve(reply.value)
    else asked?.reject(new AppError(reply.code, reply.message, { ...reply, cause: reply.stack }))
  }

  /** Replies that have come are heard before: nobody is late because this process was busy. */
  #look(): void {
    const [running] = this.#asked
    if (running === undefined) {
      clearInterval(this.#looking)
      this.#looking = undefined
      return
    }
    const now = performance.now()
    const ranMs = now - this.#since
    const isOver = running.isGone ? ranMs > slowMs : running.bounds.deadline <= now
    if (isOver) return this.#stop(timedOut(running.bounds.timeoutMs))
    if (ranMs > slowMs) this.#takeBack()
    if (ranMs > longMs) this.#events.onLong?.(this)
    if (ranMs > lookEveryMs) void this.#watchMemory()
  }

  /** The worker is at work and hears nothing: what it does when it comes to them, nobody waits for. */
  #takeBack(): void {
    for (const asked of this.#asked.slice(1)) leave(asked, takenBack)
  }

  #cancel(asked: Asked): void {
    if (this.#asked[0] === asked) return this.#stop(cancelled())
    leave(asked, cancelled())
  }

  #stop(error: AppError): void {
    this.kill()
    this.#dismiss(error)
  }

  #gone(): void {
    this.#alive = false
    this.#dismiss(workerLost(this.#stderr))
    this.#events.onExit?.(this)
  }

  #dismiss(error: AppError): void {
    const [running, ...behind] = this.#asked.splice(0)
    running?.reject(error)
    for (const asked of behind) asked.reject(takenBack)
  }

  async #watchMemory(): Promise<void> {
    if (this.pid === undefined) return
    this.#residentBytes = (await residentBytes(this.pid)) ?? 0
    if (this.#residentBytes > this.#memoryBytes) this.#stop(memoryExceeded(this.#memoryBytes))
  }
}

function leave(asked: Asked, error: Error): void {
  asked.isGone = true
  asked.reject(error)
}

/** To be asked of another worker. */
export const takenBack: Error = new Error('The request has not begun.')

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
