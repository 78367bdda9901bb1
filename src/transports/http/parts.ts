import type { Grant } from '../../base/actor.ts'
import type { ResourceChanges } from '../../base/resource-changes.ts'
import type { Arrival, Door, Refusal } from '../../edge/door.ts'
import type { Readiness } from '../../edge/readiness.ts'
import type { CallParts } from '../../server/answer-call.ts'
import type { ServerFactory } from '../../server/create-server.ts'
import type { ToolLists } from '../../server/watch-tools.ts'

/** What the routes are made of. */
export interface HttpParts extends CallParts, ToolLists {
  /** How the server calls itself to clients. */
  readonly name: string
  readonly createServer: ServerFactory
  /** Parts of all there is, each served at a path of its own. */
  readonly groups: () => ReadonlyMap<string, Grant>
  readonly resourceChanges: ResourceChanges
  readonly door: Door
  /** Throws where a request was not meant for this server. */
  readonly checkHost: (arrival: Arrival) => void
  readonly legacySse: boolean
  /** What a proxy has before our paths: `/vitrine`, or nothing. */
  readonly prefix: string
  readonly readiness: () => Promise<Readiness>
  /** Told of every request that was turned away before it became a call. */
  readonly onRefused: (refusal: Refusal) => void
  /** Told of every answer: the path where we serve it, `other` elsewhere. */
  readonly onAnswered: (route: string, status: number) => void
}
