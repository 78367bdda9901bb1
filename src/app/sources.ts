import { createHash } from 'node:crypto'
import { AppError } from '../base/error.ts'
import type { SourceConfig, ToolConfig } from '../config/config.ts'
import type { Cache } from '../cache/cache.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Writer } from '../sources/change.ts'
import { dialectOf, openSource } from '../sources/open.ts'
import { openWriter } from '../sources/open-writer.ts'
import type { DeclaredSource, ServedSource, Writable } from '../tools/served-source.ts'
import { mayOutlast } from './jobs.ts'

export interface SourceParts {
  readonly jobs: Jobs | undefined
  readonly cache: Cache
}

/** A source that somebody may ask for: it is opened once, by whoever asks first. */
export class LazySource {
  readonly #config: SourceConfig
  readonly #parts: SourceParts
  #served: Promise<ServedSource> | undefined
  #writer: Promise<Writer> | undefined
  #isClosed = false

  constructor(config: SourceConfig, parts: SourceParts) {
    this.#config = config
    this.#parts = parts
  }

  async open(): Promise<ServedSource> {
    if (this.#isClosed) throw closing()
    return (this.#served ??= serveSource(this.#config, this.#parts))
  }

  /** What writes to it, apart from what reads. */
  async openWriter(url: string): Promise<Writer> {
    if (this.#isClosed) throw closing()
    const { memoryBytes, concurrency } = this.#config.limits
    return (this.#writer ??= openWriter({ url, memoryBytes, concurrency }))
  }

  async close(): Promise<void> {
    // From here on it is not opened: nobody would close it.
    this.#isClosed = true
    const served = await this.#served?.catch(() => undefined)
    const writer = await this.#writer?.catch(() => undefined)
    await Promise.all([served?.source.close(), writer?.close()])
  }
}

const closing = (): AppError => new AppError('source_unavailable', 'The server is closing.')

export interface DeclareParts extends SourceParts {
  readonly tools: readonly ToolConfig[]
}

/** What is known of it before it is opened. */
export function declareSource(
  config: SourceConfig,
  source: LazySource,
  { jobs: all, cache: held, tools }: DeclareParts,
): DeclaredSource {
  const { name, url, description, context, identity, limits, cache } = config
  const jobs = mayOutlast(config) ? all : undefined
  return {
    name,
    dialect: dialectOf(url),
    description,
    context,
    claims: Object.values(identity),
    longRunning: jobs && {
      budgetMs: limits.timeoutMs,
      limitMs: limits.jobTimeoutMs,
      jobs,
      definitionOf: (tool) =>
        definitionOf(
          config,
          tools.find((one) => one.name === tool),
        ),
    },
    caching: { cache: held, resultsMs: cache.resultsMs, isShared: cache.isShared },
    writable: toWritable(config, source),
    open: () => source.open(),
  }
}

/** Limits and texts make no other answer. */
function definitionOf(
  { url, tables, columns, identity }: SourceConfig,
  tool: ToolConfig | undefined,
): string {
  const question = [tool?.sql, tool?.parameters]
  const parts = [url, tables, columns, identity, question]
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}

function toWritable({ writableUrl: url }: SourceConfig, source: LazySource): Writable | undefined {
  if (url === undefined) return undefined
  const place = createHash('sha256').update(url).digest('hex')
  return { place, open: () => source.openWriter(url) }
}

/** Jobs have places of their own: calls never wait for one. */
async function serveSource(config: SourceConfig, parts: SourceParts): Promise<ServedSource> {
  const { name, url, tables, columns, identity, limits } = config
  const { memoryBytes, concurrency } = limits
  const { cache } = parts
  const jobs = mayOutlast(config) && parts.jobs !== undefined ? limits.jobConcurrency : 0
  const [{ createGuard }, source] = await Promise.all([
    import('../guard/guard.ts'),
    openSource({
      name,
      url,
      memoryBytes,
      concurrency: concurrency + jobs,
      longestMs: jobs > 0 ? limits.jobTimeoutMs : limits.timeoutMs,
      schema: {
        ...(config.cache.schemaMs !== undefined && { keepMs: config.cache.schemaMs }),
        onRead: ({ version }) => cache.noteSchema(name, version),
      },
    }),
  ])
  if (Object.keys(identity).length > 0 && !source.capabilities.takesIdentity)
    throw takesNoIdentity()
  if (limits.cost !== undefined && source.estimate === undefined) throw plansWithoutCost()
  const guard = await createGuard(source.dialect, { tables, columns, identity })
  await cache.attach(name, source)
  return { source, guard, limits, mostCost: limits.cost, identity }
}

const plansWithoutCost = (): AppError =>
  new AppError('config_invalid', 'This kind of database does not say what a statement will cost.', {
    hint: 'Whoever runs the server leaves cost out of the limits of this source.',
  })

const takesNoIdentity = (): AppError =>
  new AppError('config_invalid', 'This kind of database cannot tell rows apart by who asks.', {
    hint: 'Whoever runs the server leaves identity out of this source.',
  })
