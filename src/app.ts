/** The hallway: makes what has a lifetime out of the config, and closes what it made. */
import type { Actor } from './base/actor.ts'
import { AppError, toAppError } from './base/error.ts'
import { choices } from './base/nearest.ts'
import { createReport, note } from './base/report.ts'
import { within } from './base/within.ts'
import type { Config, HttpConfig, SourceConfig } from './config/config.ts'
import { createAudit } from './edge/audit/audit.ts'
import type { DoorEvent } from './edge/audit/entry.ts'
import { type Door, openDoor, type Refusal } from './edge/door.ts'
import { createLimits, type Limits } from './edge/limits/limits.ts'
import { createTelemetry, type Telemetry } from './edge/telemetry/telemetry.ts'
import { Jobs } from './jobs/jobs.ts'
import type { JobRequest } from './jobs/job-store.ts'
import { dialectOf, openSource } from './sources/open.ts'
import { behindGates, type CallTool } from './tools/call.ts'
import { countCalls } from './tools/count-calls.ts'
import { createJobGate } from './tools/job-gate.ts'
import { missingTool } from './tools/missing-tool.ts'
import type { DeclaredSource, DeclaredSources, ServedSource } from './tools/served-source.ts'
import { createTools, openTo } from './tools/tools.ts'

export interface App {
  /** How the server calls itself to clients. */
  readonly name: string
  readonly sources: DeclaredSources
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
  /** What no call goes without; each rejects where it cannot do its part now. */
  readonly required: Readonly<Record<string, () => Promise<void>>>
  /** Goes on with jobs that were left behind. */
  resumeJobs(): Promise<void>
  /**
   * Reads every catalog, which warms the workers, and compares it with the config; gives what cannot
   * be served, and why.
   */
  unreachable(signal: AbortSignal): Promise<ReadonlyMap<string, AppError>>
  close(): Promise<void>
}

/** Opens nothing yet: drivers and guard are loaded by whoever needs them first. */
export function createApp(config: Config): App {
  const opened: Opened = { sources: new Map(), closed: false }
  const sources = new Map<string, DeclaredSource>()
  const jobs = createJobs(config, sources)
  for (const source of config.sources) sources.set(source.name, declare(source, { opened, jobs }))
  const audit = config.audit && createAudit({ ...config.audit, note })
  const limits = limitCalls(config, sources)
  const telemetry = createTelemetry()
  // What the limits refuse is counted and on record too.
  const gates = [telemetry, audit, limits].flatMap((one) => one?.gate ?? [])
  const jobGate = jobs && createJobGate({ ...config.jobs, sources })
  const { callTool, whenIdle } = countCalls(behindGates([...gates, ...(jobGate ? [jobGate] : [])]))
  const localActor: Actor = { id: 'local', claims: config.claims, tools: 'all', sources: 'all' }
  return {
    name: config.name,
    sources,
    localActor,
    createDoor: (tell) => makeDoor(config.http, { localActor, tell }),
    onRefused: (refusal) => audit?.record(toDoorEvent(refusal)),
    callTool,
    whenIdle,
    telemetry,
    required: { ...(audit && { audit: audit.ready }), ...(limits && { limits: limits.ready }) },
    resumeJobs: async () => jobs?.resume(),
    unreachable: (signal) => findUnreachable(sources, signal),
    async close() {
      opened.closed = true
      // What runs is given back before its source is gone.
      await jobs?.close()
      const settled = await Promise.allSettled(opened.sources.values())
      const served = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      await Promise.all(served.map(({ source }) => source.close()))
      // Calls that lost their source are still to be put on record.
      await within(whenIdle(), lastCallsMs, stillRunning).catch(() => undefined)
      await Promise.all([limits?.close(), audit?.close()])
    },
  }
}

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

/** A limit of a tool that is not there would limit nothing, and nobody would see it. */
function limitCalls({ limits }: Config, sources: DeclaredSources): Limits | undefined {
  if (limits === undefined) return undefined
  const named = Object.keys(limits.perTool)
  const known = named.length === 0 ? [] : createTools(sources).map(({ name }) => name)
  const unknown = named.find((name) => !known.includes(name))
  if (unknown !== undefined) throw noSuchTool(unknown, known)
  return createLimits({ ...limits, note })
}

const noSuchTool = (name: string, known: readonly string[]): AppError =>
  new AppError('config_invalid', `limits.per_tool: there is no tool ${name}.`, {
    hint: choices(name, 'Tools', known),
  })

async function makeDoor(
  { auth, url, listen }: HttpConfig,
  { localActor, tell }: { localActor: Actor; tell: (message: string) => void },
): Promise<Door> {
  if (auth === undefined) return openDoor(localActor)
  const { createDoor } = await import('./edge/auth/create-door.ts')
  return createDoor({ auth, resource: url ?? `http://${listen}/mcp`, tell })
}

interface Opened {
  readonly sources: Map<string, Promise<ServedSource>>
  /** From here on nothing is opened: nobody would close it. */
  closed: boolean
}

/** A statement that may run no longer than its call waits never becomes a job. */
const mayOutlast = ({ limits }: SourceConfig): boolean => limits.jobMs > limits.timeoutMs

/** Undefined where nothing may outlast its call. */
function createJobs(config: Config, sources: DeclaredSources): Jobs | undefined {
  const { store: url, keyPrefix, mostBytes } = config.jobs
  const long = config.sources.filter(mayOutlast)
  const report = createReport()
  if (url === undefined || long.length === 0) return undefined
  return new Jobs({
    url,
    keyPrefix,
    mostBytes,
    sources: new Map(
      long.map(({ name, limits: { jobs: most, jobMs: limitMs, answerBytes: pageBytes } }) => [
        name,
        { most, limitMs, pageBytes },
      ]),
    ),
    run: (request, signal) => runJob(request, { sources, signal }),
    onError: (error) => report(error instanceof AppError ? (error.cause ?? error) : error),
  })
}

/** The tool as its actor has it: what was closed to them meanwhile is not run. */
async function runJob(
  { actor, tool: name, arguments: given, source }: JobRequest,
  { sources, signal }: { readonly sources: DeclaredSources; readonly signal: AbortSignal },
): Promise<string> {
  const { tools } = openTo(actor, sources)
  const tool = tools.find((one) => one.name === name) ?? missingTool(name, [])
  const timeoutMs = sources.get(source)?.longRunning?.limitMs
  return JSON.stringify(await tool.run(given, { signal, actor, timeoutMs }))
}

function declare(
  config: SourceConfig,
  { opened, jobs }: { readonly opened: Opened; readonly jobs: Jobs | undefined },
): DeclaredSource {
  const { name, url, description, context, limits } = config
  const longRunning = jobs &&
    mayOutlast(config) && { budgetMs: limits.timeoutMs, limitMs: limits.jobMs, jobs }
  return {
    name,
    dialect: dialectOf(url),
    description,
    context,
    longRunning: longRunning || undefined,
    async open() {
      if (opened.closed) throw new AppError('source_unavailable', 'The server is closing.')
      const serving = opened.sources.get(name) ?? serveSource(config, longRunning ? limits.jobs : 0)
      opened.sources.set(name, serving)
      return serving
    },
  }
}

/** Jobs have places of their own: calls never wait for one. */
async function serveSource(config: SourceConfig, jobs: number): Promise<ServedSource> {
  const { name, url, tables, columns, identity, limits } = config
  const { memoryBytes, concurrency } = limits
  const [{ createGuard }, source] = await Promise.all([
    import('./guard/guard.ts'),
    openSource({
      name,
      url,
      memoryBytes,
      concurrency: concurrency + jobs,
      longestMs: jobs > 0 ? limits.jobMs : limits.timeoutMs,
    }),
  ])
  if (Object.keys(identity).length > 0 && !source.capabilities.takesIdentity)
    throw takesNoIdentity()
  if (limits.cost !== undefined && source.estimate === undefined) throw plansWithoutCost()
  const guard = await createGuard(source.dialect, { tables, columns, identity })
  return { source, guard, limits, mostCost: limits.cost, identity }
}

const plansWithoutCost = (): AppError =>
  new AppError('config_invalid', 'This kind of database does not say what a statement will cost.', {
    hint: 'Leave cost out of the limits of this source.',
  })

const takesNoIdentity = (): AppError =>
  new AppError('config_invalid', 'This kind of database cannot tell rows apart by who asks.', {
    hint: 'Leave identity out of this source.',
  })

async function findUnreachable(
  sources: DeclaredSources,
  signal: AbortSignal,
): Promise<Map<string, AppError>> {
  const failures = new Map<string, AppError>()
  const reach = async (declared: DeclaredSource): Promise<void> => {
    try {
      const { source, guard } = await declared.open()
      guard.show(await source.catalog(signal))
    } catch (error) {
      failures.set(declared.name, toAppError(error))
    }
  }
  await Promise.all([...sources.values()].map(reach))
  return failures
}
