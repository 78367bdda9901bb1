/** The hallway: what is served, of the edition of the config that holds now. */
import { ListChanges } from '../base/list-changes.ts'
import { note } from '../base/report.ts'
import { ResourceChanges } from '../base/resource-changes.ts'
import type { Config } from '../config/config.ts'
import type { DoorEvent } from '../edge/audit/entry.ts'
import type { Refusal } from '../edge/door.ts'
import { createTelemetry, type Telemetry } from '../edge/telemetry/telemetry.ts'
import { createEdition, type Edition, idleWithin } from './edition.ts'
import { Holdings } from './holdings.ts'
import { LiveDoor } from './live-door.ts'
import { watchResources } from './resources.ts'
import { refuseUnchangeable, restartKeys, withoutRestart } from './unchangeable.ts'

type MakeTools = Parameters<typeof createEdition>[0]['makeTools']

/** What the config declares, and all that serves it; each part is that of the edition that holds now. */
export interface App extends Omit<Edition, 'config' | 'audit' | 'close'> {
  /** How the server calls itself to clients. */
  readonly name: string
  readonly resourceChanges: ResourceChanges
  /** Remembers who was turned away at the door, and why. */
  readonly onRefused: (refusal: Refusal) => void
  readonly telemetry: Telemetry
  /** Tells that what it lists may be another than it was. */
  readonly lists: ListChanges
  /**
   * Serves another edition of the config from here on; calls that are under way end with the one they began
   * with. What did not change stays as it is: processes, connections, counts, jobs.
   *
   * @param prepare is given the edition before it is served
   * @returns keys that changed and are served as they were until the next start
   * @throws AppError `config_invalid`; then the edition before goes on
   */
  reload(
    config: Config,
    makeTools: MakeTools,
    prepare: (next: Edition) => Promise<void>,
  ): Promise<readonly string[]>
  close(): Promise<void>
}

/** `makeTools` makes the tools that the config says nothing of. */
export function createApp(config: Config, makeTools: MakeTools = () => []): App {
  const holdings = new Holdings()
  const lists = new ListChanges()
  const telemetry = createTelemetry()
  const open = (of: Config, make: MakeTools): Edition => {
    const holder = holdings.begin()
    try {
      return createEdition({
        config: of,
        makeTools: make,
        holder,
        outermost: telemetry.gate,
        onSchemaChanged: () => lists.tell(['tools']),
        declaredNow: () => now,
      })
    } catch (error) {
      void holder.release()
      throw error
    }
  }
  let now = open(config, makeTools)
  const served = new Set([now])
  const resourceChanges = new ResourceChanges((tell) => watchResources(now.resources, tell))
  let door: { readonly live: LiveDoor; readonly tell: (message: string) => void } | undefined
  let isServing = false

  async function retire(edition: Edition): Promise<void> {
    await idleWithin(edition.whenIdle, longestCallMs)
    await edition.close()
    served.delete(edition)
  }

  const app: Omit<App, (typeof asNow)[number]> = {
    name: config.name,
    lists,
    resourceChanges,
    telemetry,
    callTool: (call) => now.callTool(call),
    async whenIdle() {
      await Promise.all([...served].map((edition) => edition.whenIdle()))
    },
    async createDoor(tell) {
      const live = new LiveDoor(await now.createDoor(tell))
      door = { live, tell }
      return live
    },
    onRefused: (refusal) => now.audit?.record(toDoorEvent(refusal)),
    serve() {
      isServing = true
      now.serve()
    },
    resumeJobs: () => now.resumeJobs(),
    unreachable: (signal) => now.unreachable(signal),
    brokenTools: (signal) => now.brokenTools(signal),
    dropTools(names) {
      now.dropTools(names)
      lists.tell(['tools'])
    },
    async reload(next, make, prepare) {
      const before = now
      refuseUnchangeable(before.config, next)
      const edition = open(withoutRestart(before.config, next), make)
      try {
        await prepare(edition)
        const changed = door && (await edition.createDoor(door.tell))
        if (changed !== undefined) door?.live.change(changed)
      } catch (error) {
        await edition.close()
        throw error
      }
      now = edition
      served.add(now)
      if (isServing) now.serve()
      void now.resumeJobs()
      lists.tell(['tools', 'resources', 'prompts'])
      resourceChanges.lookAnew()
      void retire(before).catch((error: unknown) => note(String(error)))
      return restartKeys(before.config, next)
    },
    async close() {
      await Promise.all([...served].map((edition) => edition.close()))
    },
  }
  const parts = asNow.map((key) => [key, { get: () => now[key], enumerable: true }] as const)
  return Object.defineProperties(app, Object.fromEntries(parts)) as App
}

/** What an app shows of its edition, looked up each time. */
const asNow = [
  'sources',
  'apis',
  'tools',
  'groups',
  'resources',
  'prompts',
  'localActor',
  'required',
  'wanted',
] as const satisfies readonly (keyof Edition)[]

/** Milliseconds; no call takes longer. */
const longestCallMs = 120_000

const toDoorEvent = ({ arrival, error, actor, tool }: Refusal): DoorEvent => ({
  transport: 'http',
  actor: actor?.id,
  tool,
  client: arrival.header('user-agent'),
  address: arrival.address,
  reason: error.code,
  trace: { traceparent: arrival.header('traceparent') },
})
