import { setTimeout as sleep } from 'node:timers/promises'
import type { Reply } from './messages.ts'
import { AskFailure } from './provider.ts'

export interface RetryOptions {
  /** Requests beyond the first one. */
  readonly retries: number
  /** Milliseconds before the first retry; each further one waits twice as long. */
  readonly firstWaitMs: number
  /** Longer than this nobody waits: then the failure is the answer. */
  readonly longestWaitMs: number
}

export const defaultRetry: RetryOptions = {
  retries: 3,
  firstWaitMs: 1000,
  longestWaitMs: 60_000,
}

export interface Attempt {
  readonly run: () => Promise<Reply>
  /** Hears of each failure that is tried again, and may forbid it by throwing. */
  readonly onRetry: (failure: AskFailure, waitMs: number) => Promise<void>
}

/**
 * A request to a model changes nothing, so it may be made again when it failed for a reason that passes.
 * The failure that ends it is thrown with what it cost.
 */
export async function askAgain(
  { run, onRetry }: Attempt,
  options: RetryOptions,
  signal: AbortSignal,
): Promise<Reply> {
  for (let failed = 0; ; failed += 1) {
    try {
      return await run()
    } catch (error) {
      const wait = error instanceof AskFailure ? waitAfter(error, failed, options) : undefined
      if (wait === undefined || signal.aborted) throw error
      await onRetry(error as AskFailure, wait)
      await sleep(wait, undefined, { signal })
    }
  }
}

function waitAfter(
  { again, error }: AskFailure,
  failed: number,
  { retries, firstWaitMs, longestWaitMs }: RetryOptions,
): number | undefined {
  if (!again || failed >= retries) return undefined
  const wait = error.retryAfterMs ?? firstWaitMs * 2 ** failed * (0.75 + Math.random() / 2)
  return wait > longestWaitMs ? undefined : wait
}
