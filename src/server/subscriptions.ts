/**
 * Tells a client whose connection stays of what changes. From 2026-07-28 on the protocol library hands on
 * only what was asked for by subscriptions/listen; before, resources/subscribe named single resources.
 */
import type { Server } from '@modelcontextprotocol/server'
import { AppError } from '../base/error.ts'
import type { ResourceChange, ResourceChanges } from '../base/resource-changes.ts'
import { modernRevision } from './modern.ts'
import { toRequestError } from './protocol-error.ts'
import type { Toolset } from './toolsets.ts'

/** Resources of one connection. */
const mostSubscribed = 500

/** From now on, until the connection ends. */
export function tellChanges(
  server: Server,
  { resourceChanges }: { readonly resourceChanges: ResourceChanges },
  toolset: () => Toolset,
): void {
  const subscribed = new Set<string>()
  const mayHear = (uri: string): Promise<boolean> => mayHearOf(uri, toolset())
  server.setRequestHandler('resources/subscribe', async ({ params: { uri } }) => {
    if (!(await mayHear(uri))) throw toRequestError(neverChanges())
    if (subscribed.size >= mostSubscribed) throw toRequestError(tooMany())
    subscribed.add(uri)
    return {}
  })
  server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
    subscribed.delete(uri)
    return {}
  })
  const tell = async (change: ResourceChange): Promise<void> => {
    if (change.kind === 'resources') return server.sendResourceListChanged()
    // Deprecated, but told nowhere else.
    const isModern = (server.getNegotiatedProtocolVersion() ?? '') >= modernRevision
    const { uri } = change
    // What is open may have been narrowed since.
    if ((isModern || subscribed.has(uri)) && (await mayHear(uri)))
      return server.sendResourceUpdated({ uri })
  }
  // A client that has gone needs to be told nothing.
  const stop = resourceChanges.on((change) => void tell(change).catch(() => undefined))
  const closed = server.onclose
  // oxlint-disable-next-line prefer-add-event-listener -- it is no event target
  server.onclose = () => {
    stop()
    closed?.()
  }
}

/** Whether changes to a resource are told to whoever has that toolset. */
export async function mayHearOf(uri: string, { resources }: Toolset): Promise<boolean> {
  const { maySubscribe } = await import('../resources/questions.ts')
  return maySubscribe(resources, uri)
}

const neverChanges = (): AppError =>
  new AppError('invalid_input', 'Nothing is told of changes to this resource.', {
    hint: 'Files can be subscribed to: see resources/list.',
  })

const tooMany = (): AppError =>
  new AppError('invalid_input', `${mostSubscribed} subscriptions are the most of a connection.`, {
    hint: 'Unsubscribe from others first.',
  })
