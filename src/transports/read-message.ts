import type { JSONRPCMessage } from '@modelcontextprotocol/server'
import { isMessage } from './is-message.ts'

/** What is answered to a line that holds no message (https://www.jsonrpc.org/specification#error_object). */
export interface Rejection {
  readonly jsonrpc: '2.0'
  /** Of the request, where it can be read. */
  readonly id: string | number | null
  readonly error: { readonly code: number; readonly message: string }
}

const parseError = -32_700
const invalidRequest = -32_600

/** A client's line as a message, or as what is answered instead; neither where nothing is to be said. */
export function readMessage(line: string): { message?: JSONRPCMessage; rejection?: Rejection } {
  const text = line.replace(/^\uFEFF/, '').trim()
  if (text === '') return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { rejection: reject(null, parseError, 'The line is not one JSON message.') }
  }
  if (isMessage(value)) return { message: value }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { rejection: reject(null, invalidRequest, 'Send one JSON-RPC message on a line.') }
  // Notifications and answers are never answered, not even wrong ones.
  if (expectsNothing(value)) return {}
  return { rejection: reject(idOf(value), invalidRequest, whatIsWrong(value)) }
}

const expectsNothing = (value: object): boolean =>
  !('id' in value)
    ? 'method' in value
    : !('method' in value) && ('result' in value || 'error' in value)

const idOf = (value: object): string | number | null =>
  'id' in value && (typeof value.id === 'string' || typeof value.id === 'number') ? value.id : null

function whatIsWrong(value: object): string {
  const { jsonrpc, id, method } = value as Record<string, unknown>
  if (jsonrpc !== '2.0') return 'The member jsonrpc must be "2.0".'
  if (typeof id !== 'string' && !Number.isSafeInteger(id))
    return 'The member id must be a text or an integer.'
  if (typeof method !== 'string') return 'The member method must be a text.'
  return 'The member params must be an object, and no other members are known.'
}

const reject = (id: Rejection['id'], code: number, message: string): Rejection => ({
  jsonrpc: '2.0',
  id,
  error: { code, message },
})
