import type { AppError } from '../../base/error.ts'
import type { OnProgress } from '../../base/progress.ts'
import type { Reply, WorkerMessage } from './messages.ts'

/**
 * The whole conversation of a worker process: requests are answered one after another, in the order they came, and
 * the process ends with the one that started it.
 *
 * @param toFailure says what went wrong in words of a caller's
 */
export function answerRequests(
  answer: (request: never, onProgress: OnProgress) => unknown,
  toFailure: (thrown: unknown) => AppError,
): void {
  /** An answer is gone before the next request begins, which may keep this process from writing, or end it. */
  const answerAll = async (requests: readonly never[]): Promise<void> => {
    for (const request of requests)
      await send(await toReply(() => answer(request, onProgress), toFailure))
  }

  let answered = Promise.resolve()
  process.on('message', (requests) => {
    answered = answered.then(() => answerAll(requests as never[]))
  })
  process.on('disconnect', () => process.exit())
}

async function toReply(
  answer: () => unknown,
  toFailure: (thrown: unknown) => AppError,
): Promise<Reply> {
  const began = performance.now()
  try {
    const value = await answer()
    return { ok: true, value, tookMs: performance.now() - began }
  } catch (error) {
    const { code, message, hint, subject, cause } = toFailure(error)
    const stack = code === 'internal' && cause instanceof Error ? cause.stack : undefined
    return { ok: false, code, message, hint, subject, stack, tookMs: performance.now() - began }
  }
}

const onProgress: OnProgress = (progress) => void send({ progress })

const send = (message: WorkerMessage): Promise<void> =>
  new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()))
