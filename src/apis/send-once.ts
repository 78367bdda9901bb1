/** Requests that change something: sent once, led nowhere else, and never called undone that may be done. */
import type { Socket } from 'node:net'
import { AppError, cancelled } from '../base/error.ts'
import {
  type Connections,
  isRedirect,
  type Outgoing,
  type Response,
  toRequest,
} from './exchange.ts'
import { late, outcomeUnknown, unreachable, unsent } from './failure.ts'
import { readBody } from './read-body.ts'

/** What an API answered to a change. */
export interface Written extends Response {
  /** False where its body was lost, too large or unreadable: what the status says holds all the same. */
  readonly isWhole: boolean
}

export interface SendOnce {
  readonly connections: Connections
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/**
 * @throws AppError `outcome_unknown` for whatever goes wrong from the first byte until there is a status;
 * before that `source_unavailable`, `timed_out`, `cancelled`, and nothing was sent
 */
export async function sendOnce(
  outgoing: Outgoing,
  { connections, timeoutMs, signal }: SendOnce,
): Promise<Written> {
  const ending = AbortSignal.timeout(timeoutMs)
  const either = AbortSignal.any([signal, ending])
  let isSent = false
  try {
    if (signal.aborted) throw cancelled()
    return await exchangeOnce(outgoing, {
      connections,
      signal: either,
      onSent: () => (isSent = true),
    })
  } catch (error) {
    if (isSent) {
      if (signal.aborted)
        throw outcomeUnknown('the call was cancelled after the request had been sent.', error)
      if (ending.aborted)
        throw outcomeUnknown(
          `the request was sent, and the API did not answer within ${timeoutMs / 1000} s.`,
          error,
        )
      throw outcomeUnknown(
        'the connection to the API was lost after the request had been sent.',
        error,
      )
    }
    if (signal.aborted) throw unsent(cancelled())
    if (ending.aborted) throw unsent(late(timeoutMs))
    throw unsent(error instanceof AppError ? error : unreachable(error))
  }
}

interface Exchange {
  readonly connections: Connections
  readonly signal: AbortSignal
  /** Called before the first byte. */
  readonly onSent: () => void
}

function exchangeOnce(
  outgoing: Outgoing,
  { connections, signal, onSent }: Exchange,
): Promise<Written> {
  return new Promise((resolve, reject) => {
    const request = toRequest(onItsOwn(outgoing), connections, signal)
    let isAnswered = false
    request.on('error', (error) => isAnswered || reject(error))
    request.on('close', () => isAnswered || reject(new Error('The connection was closed.')))
    request.on('socket', (socket) =>
      whenConnected(socket, outgoing.url, () => {
        onSent()
        // Nothing leaves before this: neither headers nor body.
        request.end(outgoing.body)
      }),
    )
    request.on('response', (incoming) => {
      isAnswered = true
      const { statusCode: status = 0, headers } = incoming
      const lost = { status, headers, body: Buffer.alloc(0), isWhole: false }
      if (isRedirect(status)) {
        resolve(lost)
        request.destroy()
        return
      }
      readBody(incoming, connections.mostBytes).then(
        (body) => resolve({ ...lost, body, isWhole: true }),
        () => {
          request.destroy()
          resolve(lost)
        },
      )
    })
  })
}

/** With a connection for it alone: one that was used before may be half closed. */
const onItsOwn = ({ headers, body, ...rest }: Outgoing): Outgoing => ({
  ...rest,
  headers: {
    ...headers,
    connection: 'close',
    // Node leaves the length out where the method is DELETE.
    ...(body && { 'content-length': String(body.length) }),
  },
})

/** Its connection is a new one. */
function whenConnected(socket: Socket, { protocol }: URL, go: () => void): void {
  if (protocol === 'https:') socket.once('secureConnect', go)
  else if (socket.connecting) socket.once('connect', go)
  else go()
}
