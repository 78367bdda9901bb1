import {
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
} from '@modelcontextprotocol/server'
import { type AppError, type ErrorCode, toErrorAnswer } from '../base/error.ts'

/** For what is wrong with the request rather than with its arguments (MCP: tools, error handling). */
export const toProtocolError = ({ message, hint }: AppError): ProtocolError =>
  new ProtocolError(ProtocolErrorCode.InvalidParams, `${message} ${hint}`)

/** What was asked for is not there, or is not asked for rightly. */
const wrongRequests: readonly ErrorCode[] = [
  'invalid_input',
  'unknown_prompt',
  'unknown_table',
  'not_open',
  'unknown_source',
]

/** For requests whose results have no room for an error; what a client may act on is in its data. */
export function toRequestError(error: AppError): ProtocolError {
  const { code, message, hint, subject } = error
  const said = `${message} ${hint}`
  // Clients know it by its data, which is the URI alone (MCP: resources, error handling).
  if (code === 'unknown_resource') return new ResourceNotFoundError(subject ?? '', said)
  const { InvalidParams, InternalError } = ProtocolErrorCode
  const kind = wrongRequests.includes(code) ? InvalidParams : InternalError
  return new ProtocolError(kind, said, toErrorAnswer(error).error)
}
