/** The hallway: makes what has a lifetime out of the config, and closes what it made. */
import type { Actor } from '../base/actor.ts'
import { AppError } from '../base/error.ts'
import { note } from '../base/report.ts'
import type { ResourceChanges } from '../base/resource-changes.ts'
import { ListChanges } from '../base/list-changes.ts'
import { within } from '../base/within.ts'
import { Cache } from '../cache/cache.ts'
import type { Config } from '../config/config.ts'
import { createAudit } from '../edge/audit/audit.ts'
import type { DoorEvent, JobEvent } from '../edge/audit/entry.ts'
import type { Door, Refusal } from '../edge/door.ts'
import type { PromptsOptions } from '../prompts/options.ts'
import type { DeclaredResources } from '../resources/provider.ts'
import { createTelemetry, type Telemetry } from '../edge/telemetry/telemetry.ts'
import type { EndedJob } from '../jobs/runner.ts'
import { createCacheGate } from '../tools/cache-gate.ts'
import { behindGates, type CallTool } from '../tools/call.ts'
import { countCalls } from '../tools/count-calls.ts'
import { createJobGate } from '../tools/job-gate.ts'
import type { Declared } from '../tools/tools.ts'
import type { DeclaredSource, DeclaredSources } from '../tools/served-source.ts'
import type { Answer, Tool } from '../tools/tool.ts'
import { openApis } from './apis.ts'
import { limitCalls } from './call-limits.ts'
import { createAppDoor } from './door.ts'
import { checkGroups, type Groups } from './groups.ts'
import { createJobs } from './jobs.ts'
import { declareResources, watchResources } from './resources.ts'
import { OpenSources } from './sources.ts'
import { type BrokenTools, declareTools, findBroken } from './tools.ts'
import { findUnreachable } from './unreachable.ts'

/** What the config declares, and all that serves it. */
export interface App extends Declared {
  /** How the server calls itself to clients. */
  readonly name: string
  /** Parts of all there is, by name. */
  readonly groups: Groups
  readonly resources: readonly DeclaredResources[]
  readonly prompts: PromptsOptions
  readonly resourceChanges: ResourceChanges
  /** Whoever asks over stdio or from a terminal. */
  readonly localActor: Actor
  /** What every call goes through. */
  readonly callTool: CallTool
  /** Resolves when no call is running. */
  readonly whenIdle: () => Promise<void>
  /** Makes what decides who may come in over HTTP; `tell` hears what keeps it from deciding. */
  createDoor(tell: (message: string) => void): Promise<Door>
  /** Remembers who was turned away at the door, and why. */
  readonly onRefused: (refusal: Refusal) => void
  readonly telemetry: Telemetry
  /** Tells that what it lists may be another than it was. */
  readonly lists: ListChanges
  /** From here on it does what other processes of the config say about what is held in memory. */
  serve(): void
  /** What no call goes without; each rejects where it cannot do its part now. */
  readonly required: Readonly<Record<string, () => Promise<void>>>
  /** What some calls do without; as above. */
  readonly wanted: App['required']
  /** Goes on with jobs that were left behind. */
  resumeJobs(): Promise<void>
  /**
   * Reads every catalog, which warms the workers, and compares it with the config; gives what cannot
   * be served, and why.
   */
  unreachable(signal: AbortSignal): Promise<ReadonlyMap<string, AppError>>
  /** Has every tool of the config prepared by its database; gives those that do not fit, and why. */
  brokenTools(signal: AbortSignal): Promise<BrokenTools>
  /** From here on they are not there; before the first client has asked for the list. */
  dropTools(names: Iterable<string>): void
  close(): Promise<void>
}

/**
 * Opens nothing yet: drivers and guard are loaded by whoever needs them first. `makeTools` makes those that
 * the config says nothing of.
 */
export function createApp(
  config: Config,
  makeTools: (sources: DeclaredSources) => readonly Tool[] = () => [],
): App {
  const sources = new Map<string, DeclaredSource>()
  const asked = openApis(config.apis)
  const tools: Tool[] = [...asked.tools]
  const declared: Declared = { sources, apis: asked.apis, tools }
  const audit = config.audit && createAudit({ ...config.audit, note })
  const jobs = createJobs(config, declared, async (ended) => audit?.recordJob(toJobEvent(ended)))
  const lists = new ListChanges()
  const onSchemaChanged = (): void => lists.tell(['tools'])
  const cache = new Cache({ ...config.cache, note, onSchemaChanged })
  const opened = new OpenSources({ jobs, cache })
  for (const source of config.sources) sources.set(source.name, opened.declare(source))
  tools.push(...declareTools(config, sources), ...makeTools(sources))
  const limits = limitCalls(config, declared)
  const telemetry = createTelemetry()
  // What the limits refuse is counted and on record too.
  const gates = [telemetry, audit, limits].flatMap((one) => one?.gate ?? [])
  const jobGate = jobs && createJobGate({ ...config.jobs, sources })
  const inner = [createCacheGate(cache), ...(jobGate ? [jobGate] : [])]
  const { callTool, whenIdle } = countCalls(behindGates([...gates, ...inner]))
  const resources = declareResources(config, declared)
  const localActor: Actor = { id: 'local', claims: config.claims, tools: 'all', sources: 'all' }
  return {
    ...declared,
    name: config.name,
    groups: checkGroups(config.groups, declared),
    resources,
    prompts: config.prompts,
    resourceChanges: watchResources(resources),
    localActor,
    createDoor: (tell) => createAppDoor(config.http, { localActor, tell }),
    onRefused: (refusal) => audit?.record(toDoorEvent(refusal)),
    callTool,
    whenIdle,
    lists,
    serve: () => cache.serve(),
    telemetry,
    required: { ...(audit && { audit: audit.ready }), ...(limits && { limits: limits.ready }) },
    wanted: { ...(jobs && { jobs: () => jobs.ready() }) },
    resumeJobs: async () => jobs?.resume(),
    unreachable: (signal) => findUnreachable(sources, signal),
    brokenTools: (signal) => findBroken(config, sources, signal),
    dropTools(names) {
      const dropped = new Set(names)
      tools.splice(0, tools.length, ...tools.filter(({ name }) => !dropped.has(name)))
      lists.tell(['tools'])
    },
    async close() {
      opened.refuseMore()
      // What runs is given back before its source is gone.
      await jobs?.close()
      await opened.close()
      asked.close()
      // Calls that lost their source are still to be put on record.
      await within(whenIdle(), lastCallsMs, stillRunning).catch(() => undefined)
      await Promise.all([limits?.close(), audit?.close(), cache.close()])
    },
  }
}

const toJobEvent = ({ outcome, ...ended }: EndedJob): JobEvent => ({
  ...ended,
  outcome:
    typeof outcome === 'string'
      ? { answer: JSON.parse(outcome) as Answer, text: outcome }
      : outcome,
})

const lastCallsMs = 2000

const stillRunning = (): AppError => new AppError('timed_out', 'A call does not end.')

const toDoorEvent = ({ arrival, error, actor, tool }: Refusal): DoorEvent => ({
  transport: 'http',
  actor: actor?.id,
  tool,
  client: arrival.header('user-agent'),
  address: arrival.address,
  reason: error.code,
  trace: { traceparent: arrival.header('traceparent') },
})
