/** One edition of the config: all that it declares, and what every call of that goes through. */
import { createHash } from 'node:crypto'
import type { Actor } from '../base/actor.ts'
import { AppError } from '../base/error.ts'
import { lazily } from '../base/lazily.ts'
import { note } from '../base/report.ts'
import { within } from '../base/within.ts'
import { Cache } from '../cache/cache.ts'
import type { Config } from '../config/config.ts'
import { type Audit, createAudit } from '../edge/audit/audit.ts'
import { type Door, openDoor } from '../edge/door.ts'
import { createLimits } from '../edge/limits/limits.ts'
import type { PromptsOptions } from '../prompts/options.ts'
import type { DeclaredResources } from '../resources/provider.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { EndedJob } from '../jobs/runner.ts'
import { createCacheGate } from '../tools/cache/cache-gate.ts'
import { depthGate } from '../tools/depth-gate.ts'
import { behindGates, type CallGate, type CallTool } from '../tools/call.ts'
import { countCalls } from '../tools/count-calls.ts'
import { createJobGate } from '../tools/jobs/job-gate.ts'
import type { DeclaredSource, DeclaredSources } from '../tools/served-source.ts'
import type { Tool } from '../tools/tool.ts'
import { type Declared, rightsOf } from '../tools/tools.ts'
import { openApis } from './apis.ts'
import { createConfirm } from './confirm.ts'
import type { Groups } from './groups.ts'
import type { Holder } from './holdings.ts'
import { createJobs, mayOutlast, toJobEvent } from './jobs.ts'
import { checkNamed } from './named-tools.ts'
import { declareResources } from './resources.ts'
import { declareSource, LazySource } from './sources.ts'
import { type BrokenTools, declareTools, findBroken } from './tools.ts'
import { findUnreachable } from './unreachable.ts'

export interface Edition extends Declared {
  readonly config: Config
  readonly groups: Groups
  readonly resources: readonly DeclaredResources[]
  readonly prompts: PromptsOptions
  readonly localActor: Actor
  readonly audit: Audit | undefined
  readonly callTool: CallTool
  readonly whenIdle: () => Promise<void>
  createDoor(tell: (message: string) => void): Promise<Door>
  readonly required: Readonly<Record<string, () => Promise<void>>>
  readonly wanted: Edition['required']
  serve(): void
  resumeJobs(): Promise<void>
  unreachable(signal: AbortSignal): Promise<ReadonlyMap<string, AppError>>
  brokenTools(signal: AbortSignal): Promise<BrokenTools>
  dropTools(names: Iterable<string>): void
  close(): Promise<void>
}

export interface EditionParts {
  readonly config: Config
  /** Makes the tools that the config says nothing of. */
  readonly makeTools: (sources: DeclaredSources) => readonly Tool[]
  readonly holder: Holder
  /** The outermost gate that sees each call as it is answered. */
  readonly outermost: CallGate
  readonly onSchemaChanged: () => void
  /** What is declared when a job begins: perhaps a later edition. */
  readonly declaredNow: () => Declared
}

/** Opens nothing yet: drivers and guard are loaded by whoever needs them first. */
export function createEdition(parts: EditionParts): Edition {
  const { config, holder } = parts
  const { audit, cache, confirm, jobs, limits } = holdServices(parts)
  const sources = new Map<string, DeclaredSource>()
  for (const source of config.sources) {
    const options = [source, config.cache, config.jobs.store !== undefined]
    const lazy = holder.hold('source', options, () => new LazySource(source, { jobs, cache }))
    const declaring = { jobs, cache, tools: config.tools }
    sources.set(source.name, declareSource(source, lazy, declaring))
  }
  const asked = openApis(config.apis)
  const made = [...asked.tools, ...declareTools(config, sources), ...parts.makeTools(sources)]
  const tools = made.map(confirm.asListed)
  const declared: Declared = { sources, apis: asked.apis, tools }
  const rights = lazily(() => rightsOf(declared))
  checkNamed('limits.per_tool', Object.keys(config.limits?.perTool ?? {}), rights)
  for (const [group, grant] of config.groups)
    checkNamed(`groups.${group}.tools`, grant.tools === 'all' ? [] : grant.tools, rights)
  const gates = [
    depthGate,
    parts.outermost,
    // What the limits refuse is on record too.
    ...[audit, limits].flatMap((one) => one?.gate ?? []),
    // What changes something is neither kept nor a job.
    confirm.gate,
    createCacheGate(cache, digestOf(config)),
    ...(jobs ? [createJobGate({ ...config.jobs, sources })] : []),
  ]
  const { callTool, whenIdle } = countCalls(behindGates(gates))
  const localActor: Actor = { id: 'local', claims: config.claims, tools: 'all', sources: 'all' }
  return {
    ...declared,
    config,
    groups: config.groups,
    resources: declareResources(config, declared),
    prompts: config.prompts,
    localActor,
    audit,
    callTool,
    whenIdle,
    // What that takes is loaded only where it is asked for.
    async createDoor(tell) {
      const { auth, url, listen } = config.http
      if (auth === undefined) return openDoor(localActor)
      const { createDoor } = await import('../edge/auth/create-door.ts')
      return createDoor({ auth, resource: url ?? `http://${listen}/mcp`, tell })
    },
    required: { ...(audit && { audit: audit.ready }), ...(limits && { limits: limits.ready }) },
    wanted: { ...(jobs && { jobs: () => jobs.ready() }) },
    serve: () => cache.serve(),
    resumeJobs: async () => jobs?.resume(),
    unreachable: (signal) => findUnreachable(sources, signal),
    brokenTools: (signal) => findBroken(config, sources, signal),
    dropTools(names) {
      const dropped = new Set(names)
      tools.splice(0, tools.length, ...tools.filter(({ name }) => !dropped.has(name)))
    },
    async close() {
      // What runs is given back before its source is gone.
      await holder.release('jobs')
      await holder.release('source')
      asked.close()
      // Calls that lost their source are still to be put on record.
      await idleWithin(whenIdle, lastCallsMs)
      await holder.release()
    },
  }
}

/** Tells editions apart; it is kept in memory alone. */
const digestOf = (config: Config): string =>
  createHash('sha256').update(JSON.stringify(config)).digest('base64')

const lastCallsMs = 2000

/** Waits until no call runs, and no longer. */
export const idleWithin = (whenIdle: () => Promise<void>, ms: number): Promise<void> =>
  within(whenIdle(), ms, stillRunning).catch(() => undefined)

const stillRunning = (): AppError => new AppError('timed_out', 'A call does not end.')

/** What stays from one edition to the next where its part of the config does. */
function holdServices(parts: EditionParts) {
  const { config, holder, onSchemaChanged } = parts
  const { audit: auditOptions, limits: limitsOptions } = config
  const audit =
    auditOptions && holder.hold('audit', auditOptions, () => createAudit({ ...auditOptions, note }))
  const limits =
    limitsOptions &&
    holder.hold('limits', limitsOptions, () => createLimits({ ...limitsOptions, note }))
  const cache = holder.hold(
    'cache',
    config.cache,
    () => new Cache({ ...config.cache, note, onSchemaChanged }),
  )
  const onEnded = async (ended: EndedJob): Promise<void> => audit?.recordJob(toJobEvent(ended))
  // A question that was asked of an earlier edition is answered to this one.
  const confirm = holder.hold('confirm', config.confirm, () => createConfirm(config))
  return { audit, limits, cache, confirm, jobs: holdJobs(parts, onEnded) }
}

/** None where nothing may outlast its call. */
function holdJobs(
  { config, holder, declaredNow: declared }: EditionParts,
  onEnded: (ended: EndedJob) => Promise<void>,
): Jobs | undefined {
  const { store } = config.jobs
  const sources = config.sources.filter(mayOutlast)
  if (store === undefined || sources.length === 0) return undefined
  const options = { ...config.jobs, store }
  return holder.hold('jobs', [options, sources, config.audit], () =>
    createJobs({ options, sources, declared, onEnded }),
  )
}
