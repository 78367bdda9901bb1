import { randomUUID } from 'node:crypto'
import type { Actor } from '../../base/actor.ts'
import { AppError } from '../../base/error.ts'
import type { ServerFactory } from '../../server/create-server.ts'
import { readMessage } from '../read-message.ts'
import { type Exchange, sendJson } from './exchange.ts'
import { SseSession } from './sse-session.ts'
import type { StreamPlaces } from './stream-places.ts'

/** Streams that are open at a time. */
const mostSessions = 200
/** Milliseconds without a message from the client, after which its stream ends. */
const idleMs = 15 * 60_000

export interface SseRoute {
  /** Opens the stream of a client. */
  open(exchange: Exchange, actor: Actor): Promise<void>
  /** Takes a message for an open stream of the same actor. */
  post(exchange: Exchange, actor: Actor, body: string): void
  close(): Promise<void>
}

interface Open {
  readonly session: SseSession
  /** Who sent the last message, with what was open to them then. */
  readonly peer: { actor: Actor; readonly transport: 'sse' }
  readonly idle: NodeJS.Timeout
}

export interface SseParts {
  readonly createServer: ServerFactory
  /** What a proxy has before our paths. */
  readonly prefix: string
  readonly places: StreamPlaces
}

export function createSseRoute({ createServer, prefix, places }: SseParts): SseRoute {
  const sessions = new Map<string, Open>()
  return {
    async open({ response }, actor) {
      // Of a client that went while it was let in nothing more will be heard, not even that it has gone.
      if (response.destroyed) return
      if (sessions.size >= mostSessions) throw tooMany()
      places.take(actor, response)
      const id = randomUUID()
      const session = new SseSession(response, `${prefix}/messages?sessionId=${id}`)
      const idle = setTimeout(() => void session.close(), idleMs).unref()
      const peer = { actor, transport: 'sse' } as const
      sessions.set(id, { session, peer, idle })
      response.once('close', () => {
        clearTimeout(idle)
        sessions.delete(id)
      })
      await createServer(peer).connect(session)
    },
    post(exchange, actor, body) {
      const open = sessions.get(exchange.query.get('sessionId') ?? '')
      // The stream of somebody else is none.
      if (open === undefined || open.peer.actor.id !== actor.id) throw unknownSession()
      const { message, rejection } = readMessage(body)
      if (rejection !== undefined) return sendJson(exchange, rejection, { status: 400 })
      open.idle.refresh()
      exchange.response.writeHead(202).end()
      // A message may do what its own request may: a token may have been narrowed since the last one.
      open.peer.actor = actor
      if (message !== undefined) open.session.receive(message)
    },
    async close() {
      await Promise.all([...sessions.values()].map(({ session }) => session.close()))
    },
  }
}

const tooMany = (): AppError =>
  new AppError('too_busy', `There are ${mostSessions} streams open, which is the most.`, {
    hint: 'Use Streamable HTTP at /mcp, which keeps no stream open.',
  })

const unknownSession = (): AppError =>
  new AppError('invalid_input', 'There is no such session.', {
    hint: 'Open a stream with GET /sse, and post to the endpoint that its first event names.',
  })
