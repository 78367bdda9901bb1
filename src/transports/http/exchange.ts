import type { IncomingMessage, ServerResponse } from 'node:http'
import { type AppError, type ErrorCode, toErrorAnswer } from '../../base/error.ts'
import type { Arrival } from '../../edge/door.ts'

/** A request and the place of its answer. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly path: string
  readonly query: URLSearchParams
  /** Aborted when the client has gone before its answer was whole. */
  readonly signal: AbortSignal
}

/** What serves a path. */
export type Route = (exchange: Exchange) => void | Promise<void>

export function toExchange(request: IncomingMessage, response: ServerResponse): Exchange {
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  // A target may be anything, and no URL at all; with a host before it as well (RFC 9112 §3.2.2).
  const target = (request.url ?? '').replace(/^https?:\/\/[^/?]*/i, '')
  const [path = '', query = ''] = target.split('?', 2)
  return { request, response, path, query: new URLSearchParams(query), signal: gone.signal }
}

/**
 * One header that comes twice is read as both, which is a host, an origin or a token that nobody has: a
 * proxy in front may have looked at the other one.
 */
export const toArrival = ({ headersDistinct, socket }: IncomingMessage): Arrival => ({
  header: (name) => headersDistinct[name]?.join(', '),
  address: socket.remoteAddress ?? '',
})

export type Headers = Readonly<Record<string, string>>

export const sendJson = (
  { response }: Pick<Exchange, 'response'>,
  value: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: Headers } = {},
): void => sendText(response, JSON.stringify(value), { status, headers })

/** JSON that is written already. */
export function sendText(
  response: ServerResponse,
  json: string,
  { status, headers }: { status: number; headers?: Headers },
): void {
  if (response.headersSent || response.destroyed) return
  const about = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(json),
    ...headers,
  }
  response.writeHead(status, about)
  response.end(json)
}

/** What a refusal is to HTTP (RFC 9110 §15); anything else is a fault of ours. */
const statuses: Partial<Record<ErrorCode, number>> = {
  invalid_input: 400,
  unauthenticated: 401,
  not_allowed: 403,
  request_too_large: 413,
  rate_limited: 429,
  too_busy: 503,
  source_unavailable: 503,
}

const statusOf = ({ code }: AppError): number => statuses[code] ?? 500

/** The refusal in the shape of JSON-RPC, with the answer of the catalogue as its data. */
export function sendError(exchange: Exchange, error: AppError, headers: Headers = {}): void {
  const status = statusOf(error)
  const wait = error.retryAfterMs
  const retryAfter = wait === undefined ? {} : { 'retry-after': String(Math.ceil(wait / 1000)) }
  const { error: data } = toErrorAnswer(error)
  const body = { jsonrpc: '2.0', id: null, error: { code: status, message: error.message, data } }
  // What is left of the body is not read: the connection ends with this answer.
  const close = exchange.request.complete ? {} : { connection: 'close' }
  sendJson(exchange, body, { status, headers: { ...retryAfter, ...close, ...headers } })
}
