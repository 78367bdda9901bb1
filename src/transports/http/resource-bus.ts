import { AsyncLocalStorage } from 'node:async_hooks'
import type { ServerEventBus } from '@modelcontextprotocol/server'
import type { Actor } from '../../base/actor.ts'
import type { ResourceChange } from '../../base/resource-changes.ts'
import { mayHearOf } from '../../server/subscriptions.ts'
import type { HttpParts } from './parts.ts'

/** Where the protocol library hears what to tell the streams that clients listen on. */
export interface ResourceBus {
  readonly bus: ServerEventBus
  /** Serves a request of an actor: a stream that it opens hears of what is open to them alone. */
  readonly serveAs: <Result>(actor: Actor, serve: () => Result) => Result
}

type Parts = Pick<HttpParts, 'resourceChanges' | 'toolsetOf'>

export function createResourceBus({ resourceChanges, toolsetOf }: Parts): ResourceBus {
  // The library does not say whose stream it is that begins to listen.
  const asking = new AsyncLocalStorage<Actor>()
  return {
    bus: {
      subscribe(listener) {
        const actor = asking.getStore()
        if (actor === undefined) throw new Error('A stream listens for nobody.')
        const tell = async (change: ResourceChange): Promise<void> => {
          if (change.kind === 'resources') return listener({ kind: 'resources_list_changed' })
          const { uri } = change
          if (await mayHearOf(uri, toolsetOf(actor))) listener({ kind: 'resource_updated', uri })
        }
        return resourceChanges.on((change) => void tell(change))
      },
      // What changes comes from the app.
      publish: () => undefined,
    },
    serveAs: (actor, serve) => asking.run(actor, serve),
  }
}
