/** The hallway: makes what has a lifetime out of the config, and closes what it made. */
import type { Actor } from './base/actor.ts'
import { AppError, toAppError } from './base/error.ts'
import type { Config, HttpConfig, SourceConfig } from './config/config.ts'
import { type Arrival, type Door, openDoor } from './edge/door.ts'
import { dialectOf, openSource } from './sources/open.ts'
import { behindGates, type CallGate, type CallTool } from './tools/call.ts'
import type { DeclaredSource, DeclaredSources, ServedSource } from './tools/served-source.ts'

export interface App {
  /** How the server calls itself to clients. */
  readonly name: string
  readonly sources: DeclaredSources
  /** Whoever asks over stdio or from a terminal. */
  readonly localActor: Actor
  /** What every call goes through. */
  readonly callTool: CallTool
  /** Makes what decides who may come in over HTTP; `tell` hears what keeps it from deciding. */
  createDoor(tell: (message: string) => void): Promise<Door>
  /** Remembers who was turned away at the door, and why. */
  readonly onRefused: (arrival: Arrival, error: AppError) => void
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
  const sources = new Map(
    config.sources.map((source) => [source.name, declare(source, opened)] as const),
  )
  const gates: readonly CallGate[] = []
  const localActor: Actor = { id: 'local', claims: config.claims, tools: 'all', sources: 'all' }
  return {
    name: config.name,
    sources,
    localActor,
    createDoor: (tell) => makeDoor(config.http, { localActor, tell }),
    onRefused: () => undefined,
    callTool: behindGates(gates),
    unreachable: (signal) => findUnreachable(sources, signal),
    async close() {
      opened.closed = true
      const settled = await Promise.allSettled(opened.sources.values())
      const served = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      await Promise.all(served.map(({ source }) => source.close()))
    },
  }
}

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

function declare(config: SourceConfig, opened: Opened): DeclaredSource {
  const { name, url, description, context } = config
  return {
    name,
    dialect: dialectOf(url),
    description,
    context,
    async open() {
      if (opened.closed) throw new AppError('source_unavailable', 'The server is closing.')
      const serving = opened.sources.get(name) ?? serveSource(config)
      opened.sources.set(name, serving)
      return serving
    },
  }
}

async function serveSource(config: SourceConfig): Promise<ServedSource> {
  const { name, url, tables, columns, identity, limits } = config
  const { memoryBytes, concurrency } = limits
  const [{ createGuard }, source] = await Promise.all([
    import('./guard/guard.ts'),
    openSource({ name, url, memoryBytes, concurrency }),
  ])
  if (Object.keys(identity).length > 0 && !source.capabilities.takesIdentity)
    throw takesNoIdentity()
  if (limits.cost !== undefined && source.estimate === undefined) throw plansWithoutCost()
  const guard = await createGuard(source.dialect, { tables, columns })
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
