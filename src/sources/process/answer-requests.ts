import type { AppError } from '../../base/error.ts'
import type { Reply } from './worker-process.ts'

/**
 * The whole conversation of a worker process: each request is answered in its turn, and the process ends with the
 * one that started it.
 *
 * @param toFailure says what went wrong in words of a caller's
 */
export function answerRequests(
  answer: (request: never) => unknown,
  toFailure: (thrown: unknown) => AppError,
): void {
  const reply = async (request: never): Promise<Reply> => {
    try {
      return { ok: true, value: await answer(request) }
    } catch (error) {
      const { code, message, hint, subject, cause } = toFailure(error)
      const stack = code === 'internal' && cause instanceof Error ? cause.stack : undefined
      return { ok: false, code, message, hint, subject, stack }
    }
  }
  process.on('message', (request) => {
    void reply(request as never).then((answered) => process.send?.(answered))
  })
  process.on('disconnect', () => process.exit())
}
