/** The program of a worker process that writes: opens the file, runs one change, and ends. */
import { AppError } from '../../base/error.ts'
import { answerRequests } from '../process/answer-requests.ts'
import { ChangeConnection } from './change-connection.ts'
import type { ChangeRequest } from './change-messages.ts'
import { toFailure } from './failure.ts'

let connection: ChangeConnection | undefined

function answer(request: ChangeRequest): unknown {
  if (request.kind === 'open') {
    connection = new ChangeConnection(request.path)
    return null
  }
  if (connection === undefined) throw new AppError('internal', 'The worker has opened no file.')
  if (request.kind === 'change') return connection.change(request)
  if (request.kind === 'prepare') connection.prepare(request)
  else if (request.kind === 'commit') connection.commit()
  else connection.close()
  return null
}

answerRequests(answer, toFailure)
