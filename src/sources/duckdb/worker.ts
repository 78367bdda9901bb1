/** The program of a worker process: loads the engine, then answers one request after another. */
import { AppError, toAppError } from '../../base/error.ts'
import { notInstalled } from '../../base/not-installed.ts'
import { answerRequests } from '../process/answer-requests.ts'
import type { OnProgress } from '../../base/progress.ts'
import type { Answerer } from './answer.ts'
import type { Request } from './messages.ts'

let answerer: Answerer | undefined

async function answer(request: Request, onProgress: OnProgress): Promise<unknown> {
  if (request.kind === 'open') {
    const { Answerer } = await loadEngine()
    answerer = await Answerer.open(request)
    return null
  }
  if (answerer === undefined) throw new AppError('internal', 'The worker has opened nothing.')
  return answerer.answer(request.kind === 'query' ? { ...request, onProgress } : request)
}

/** DuckDB is an optional package: who has no such source need not install it. */
async function loadEngine(): Promise<{ Answerer: typeof Answerer }> {
  try {
    return await import('./answer.ts')
  } catch (error) {
    if (!(error as Error).message.startsWith("Cannot find module '@duckdb/node-api'")) throw error
    throw notInstalled('DuckDB databases and data files need', {
      packages: ['@duckdb/node-api'],
      code: 'source_unavailable',
      cause: error,
    })
  }
}

answerRequests(answer, toAppError)
