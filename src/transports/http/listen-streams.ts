import {
  createMcpHandler,
  type McpHttpHandler,
  type McpServerFactory,
  type ServerEventBus,
} from '@modelcontextprotocol/server'
import type { Actor } from '../../base/actor.ts'
import { AppError } from '../../base/error.ts'
import type { ResourceChange } from '../../base/resource-changes.ts'
import { mayHearOf } from '../../server/subscriptions.ts'
import { watchTools } from '../../server/watch-tools.ts'
import type { Exchange } from './exchange.ts'
import type { HttpParts } from './parts.ts'
import type { StreamPlaces } from './stream-places.ts'
import { passOn } from './web.ts'

/** Streams that are open at a time. */
const mostStreams = 1000

/** What came, as text and as JSON. */
interface Message {
  readonly body: string
  readonly json: unknown
}

/** Streams on which clients hear of changes (MCP 2026-07-28: subscriptions/listen). */
export interface ListenStreams {
  serve(exchange: Exchange, actor: Actor, message: Message): Promise<void>
  close(): Promise<void>
}

type Hearing = Pick<HttpParts, 'lists' | 'resourceChanges' | 'toolsetOf'>
type Parts = Hearing & { readonly places: StreamPlaces }

/**
 * Each stream has a handler of its own: the library's bus does not say who listens, and each actor is told of
 * what is open to them alone. An AsyncLocalStorage would say it, and make every promise of the process
 * three times as dear on Node 20.
 */
export function createListenStreams(
  parts: Parts,
  factoryFor: (actor: Actor) => McpServerFactory,
): ListenStreams {
  const open = new Set<McpHttpHandler>()
  return {
    async serve(exchange, actor, { body, json }) {
      const { response } = exchange
      // Of one that has closed already nothing more is heard.
      if (response.destroyed) return
      if (open.size >= mostStreams) throw tooMany()
      parts.places.take(actor, response)
      const handler = createMcpHandler(factoryFor(actor), { bus: busFor(actor, parts) })
      open.add(handler)
      try {
        await passOn(exchange, body, (request) => handler.fetch(request, { parsedBody: json }))
      } finally {
        open.delete(handler)
        await handler.close()
      }
    },
    async close() {
      await Promise.all([...open].map((handler) => handler.close()))
    },
  }
}

export const isListening = (json: unknown): boolean =>
  (json as { method?: unknown } | null | undefined)?.method === 'subscriptions/listen'

function busFor(actor: Actor, parts: Hearing): ServerEventBus {
  return {
    subscribe(listener) {
      const onToolsChanged = (): void => listener({ kind: 'tools_list_changed' })
      const stopTools = watchTools(parts, () => actor, onToolsChanged)
      const stopResources = watchResources(actor, parts, listener)
      return () => {
        stopTools()
        stopResources()
      }
    },
    // What changes comes from the app.
    publish: () => undefined,
  }
}

function watchResources(
  actor: Actor,
  { resourceChanges, toolsetOf }: Hearing,
  listener: Parameters<ServerEventBus['subscribe']>[0],
): () => void {
  const tell = async (change: ResourceChange): Promise<void> => {
    if (change.kind === 'resources') return listener({ kind: 'resources_list_changed' })
    const { uri } = change
    if (await mayHearOf(uri, toolsetOf(actor))) listener({ kind: 'resource_updated', uri })
  }
  return resourceChanges.on((change) => void tell(change))
}

const tooMany = (): AppError =>
  new AppError('too_busy', `There are ${mostStreams} streams that listen, which is the most.`)
