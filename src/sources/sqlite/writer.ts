import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type AppError, type ErrorCode, toAppError } from '../../base/error.ts'
import type { Change, Changed, ChangeRun, Writer } from '../change.ts'
import type { EmbeddedOptions } from '../embedded-options.ts'
import { WorkerProcess } from '../process/worker-process.ts'
import type { Finding } from '../source.ts'
import { cancelled, Changes, commitMs, outcomeUnknown, timedOut } from '../writing.ts'
import type { ChangeRequest } from './change-messages.ts'
import { locate } from './locate.ts'

type Options = Pick<EmbeddedOptions, 'path' | 'memoryBytes' | 'concurrency'>

/** Milliseconds a worker takes to start, at most, beside the time of the change. */
const openingMs = 10_000
const recoverMs = 10_000
/** A change may let the file, its journal or its log grow by so much. */
const growthBytes = 1024 ** 3
const cpuSeconds = 120

/** Ends that come from outside of the worker: what it did meanwhile, it cannot tell. */
const ofHost: ReadonlySet<ErrorCode> = new Set([
  'timed_out',
  'cancelled',
  'memory_exceeded',
  'worker_lost',
])

/** Each change has a worker process of its own, which can be ended whatever it does. */
export class SqliteWriter implements Writer {
  readonly #options: Options
  readonly #changes: Changes

  constructor(options: Options) {
    this.#options = options
    this.#changes = new Changes(options.concurrency)
  }

  change(change: Change, run: ChangeRun): Promise<Changed> {
    const { timeoutMs } = run.limits
    const deadline = performance.now() + timeoutMs
    return this.#changes.run({ deadline, signal: run.signal }, async (signal) => {
      const worker = await this.#start(signal)
      try {
        const changed = await this.#ask(worker, toRequest(change, run), { timeoutMs, signal })
        await commit(worker)
        return changed as Changed
      } catch (thrown) {
        throw await this.#ended(toAppError(thrown), timeoutMs)
      } finally {
        await this.#end(worker)
      }
    })
  }

  async prepare({ text, parameters }: Change, signal: AbortSignal): Promise<void> {
    const worker = await this.#start(signal)
    try {
      await this.#ask(worker, { kind: 'prepare', text, parameters }, unhurried())
    } finally {
      await this.#end(worker)
    }
  }

  async examine(signal: AbortSignal): Promise<readonly Finding[]> {
    await this.#end(await this.#start(signal))
    return [{ level: 'ok', message: 'writing tools open the file for writing' }]
  }

  close(): Promise<void> {
    return this.#changes.close()
  }

  async #start(signal: AbortSignal): Promise<WorkerProcess> {
    const { path, memoryBytes } = this.#options
    locate(path)
    const worker = new WorkerProcess(
      {
        program: fileURLToPath(new URL('change-worker.js', import.meta.url)),
        memoryBytes,
        cpuSeconds,
        fileBytes: () => sizeOf(path) + sizeOf(`${path}-wal`) + growthBytes,
      },
      {},
    )
    try {
      await this.#ask(worker, { kind: 'open', path }, { timeoutMs: openingMs, signal })
      return worker
    } catch (error) {
      worker.kill()
      throw error
    }
  }

  /** The last one that closes a file takes its log away. */
  async #end(worker: WorkerProcess): Promise<void> {
    if (worker.alive) await this.#ask(worker, { kind: 'close' }, unhurried()).catch(() => undefined)
    worker.kill()
  }

  #ask(
    worker: WorkerProcess,
    request: ChangeRequest,
    { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
  ): Promise<unknown> {
    return worker.ask(() => request, { deadline: performance.now() + timeoutMs, timeoutMs, signal })
  }

  /** What a worker left behind that was ended in the middle is undone before anybody reads. */
  async #ended(failure: AppError, timeoutMs: number): Promise<AppError> {
    if (!ofHost.has(failure.code)) return failure
    await this.#recover().catch(() => undefined)
    if (failure.code === 'timed_out') return timedOut(timeoutMs)
    return failure.code === 'cancelled' ? cancelled() : failure
  }

  /** Whoever opens the file next for writing undoes what was begun in it. */
  async #recover(): Promise<void> {
    await this.#end(await this.#start(AbortSignal.timeout(recoverMs)))
  }
}

const toRequest = ({ text, parameters }: Change, { limits, most }: ChangeRun): ChangeRequest => ({
  kind: 'change',
  text,
  parameters,
  limits,
  most,
})

/** Nobody's cancel ends it: it is done, or it is not. */
async function commit(worker: WorkerProcess): Promise<void> {
  const deadline = performance.now() + commitMs
  const bounds = { deadline, timeoutMs: commitMs, signal: new AbortController().signal }
  await worker
    .ask((): ChangeRequest => ({ kind: 'commit' }), bounds)
    .catch((thrown: unknown) => {
      const error = toAppError(thrown)
      throw ofHost.has(error.code) ? outcomeUnknown(error) : error
    })
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

const unhurried = () => ({ timeoutMs: openingMs, signal: new AbortController().signal })
