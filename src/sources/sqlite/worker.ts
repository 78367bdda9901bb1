/** The program of a worker process: opens the file, then answers one request after another. */
import { AppError } from '../../base/error.ts'
import type { OnProgress } from '../../base/progress.ts'
import { answerRequests } from '../process/answer-requests.ts'
import { Connection } from './connection.ts'
import { describeEngine } from './describe-engine.ts'
import { toFailure } from './failure.ts'
import type { Request } from './messages.ts'
import { readCatalog } from './read-catalog.ts'
import { runQuery } from './run-query.ts'
import type { AccessRules } from './terms.ts'

let connection: Connection | undefined
let rules: AccessRules | undefined

function answer(request: Request, onProgress: OnProgress): unknown {
  if (request.kind === 'open') {
    connection = new Connection(request.path)
    return null
  }
  if (connection === undefined) throw new AppError('internal', 'The worker has opened no file.')
  if (request.kind === 'catalog') return readCatalog(connection)
  if (request.kind === 'examine') return describeEngine(connection)
  rules = request.rules ?? rules
  if (rules === undefined) throw new AppError('internal', 'The worker was told no rules.')
  return runQuery(connection, { ...request, onProgress }, rules)
}

answerRequests(answer, toFailure)
