import { AppError, type ErrorAnswer, toErrorAnswer } from '../../base/error.ts'

const retryAfterMs = 1000

export const away = (cause?: unknown): AppError =>
  new AppError('source_unavailable', 'The store of the jobs does not answer.', {
    hint: 'Ask again in a moment; if it stays, tell the person who runs the server.',
    retryAfterMs,
    cause,
  })

export const workerLost: ErrorAnswer['error'] = toErrorAnswer(
  new AppError('worker_lost', 'The processes that ran it were lost, twice.'),
).error
