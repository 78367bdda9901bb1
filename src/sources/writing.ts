/** What the engines' writers have in common. */
import { AppError } from '../base/error.ts'
import { Slots } from './slots.ts'
import { type Bounds, closed } from './waiting-line.ts'

/** How long a commit is waited for, whatever the caller's time: half of one is worse than a late one. */
export const commitMs = 10_000

export const tooLarge = (most: number): AppError =>
  new AppError(
    'change_too_large',
    `More than ${most === 1 ? '1 row' : `${most} rows`} would change, which is more than this tool may.`,
  )

export const outcomeUnknown = (cause: unknown): AppError =>
  new AppError(
    'outcome_unknown',
    'The connection was lost while the change was being committed: it may have been made or not.',
    { cause },
  )

export const timedOut = (timeoutMs: number): AppError =>
  new AppError('timed_out', `It took longer than ${timeoutMs / 1000} s and was undone.`, {
    hint: 'Nothing was changed. Somebody else may hold a lock on the row: try later.',
  })

export const cancelled = (): AppError =>
  new AppError('cancelled', 'The call was cancelled, and nothing was changed.')

/** Changes at work, each on a connection that is opened for it: a person confirms each, so there are few. */
export class Changes {
  readonly #slots: Slots
  readonly #closing = new AbortController()
  readonly #running = new Set<Promise<unknown>>()

  constructor(most: number) {
    this.#slots = new Slots(most)
  }

  /** `work` hears of the caller's cancel, and of the end of the server, by one signal. */
  async run<Result>(
    { deadline, signal }: Bounds,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    if (this.#closing.signal.aborted) throw closed()
    const either = AbortSignal.any([signal, this.#closing.signal])
    await this.#slots.take({ deadline, signal: either })
    const running = work(either).finally(() => this.#slots.free())
    this.#running.add(running)
    try {
      return await running
    } finally {
      this.#running.delete(running)
    }
  }

  /** Undoes what is not committed yet, and waits for what is. */
  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.allSettled(this.#running)
  }
}

/**
 * The outcome of what may go on for so long. `stop` is called where it was ended before its time: by a deadline, a
 * cancel, or because it was too much.
 */
export async function bounded<Result>(
  work: Promise<Result>,
  { deadline, signal, timeoutMs }: Bounds & { readonly timeoutMs: number },
  stop: () => Promise<void> | void,
): Promise<Result> {
  let end!: (error: AppError) => void
  const ended = new Promise<never>((_resolve, reject) => (end = reject))
  const onAbort = (): void => end(cancelled())
  const timer = setTimeout(() => end(timedOut(timeoutMs)), deadline - performance.now())
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  try {
    return await Promise.race([work, ended])
  } catch (error) {
    work.catch(() => undefined)
    // What the database itself says, it says of what has ended.
    if (error instanceof AppError) await stop()
    throw error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}
