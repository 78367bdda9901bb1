import { AppError } from '../base/error.ts'
import type { SourceConfig } from '../config/config.ts'
import type { Cache } from '../cache/cache.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { dialectOf, openSource } from '../sources/open.ts'
import type { DeclaredSource, ServedSource } from '../tools/served-source.ts'
import { mayOutlast } from './jobs.ts'

/** The sources that somebody has asked for; each is opened once. */
export class OpenSources {
  readonly #jobs: Jobs | undefined
  readonly #cache: Cache
  readonly #served = new Map<string, Promise<ServedSource>>()
  #isClosed = false

  constructor({ jobs, cache }: { readonly jobs: Jobs | undefined; readonly cache: Cache }) {
    this.#jobs = jobs
    this.#cache = cache
  }

  declare(config: SourceConfig): DeclaredSource {
    const { name, url, description, context, identity, limits, cache } = config
    const jobs = mayOutlast(config) ? this.#jobs : undefined
    return {
      name,
      dialect: dialectOf(url),
      description,
      context,
      claims: Object.values(identity),
      longRunning: jobs && { budgetMs: limits.timeoutMs, limitMs: limits.jobMs, jobs },
      caching: { cache: this.#cache, resultsMs: cache.resultsMs, isShared: cache.isShared },
      open: async () => this.#open(config, jobs === undefined ? 0 : limits.jobs),
    }
  }

  #open(config: SourceConfig, jobs: number): Promise<ServedSource> {
    if (this.#isClosed) throw new AppError('source_unavailable', 'The server is closing.')
    const serving =
      this.#served.get(config.name) ?? serveSource(config, { jobs, cache: this.#cache })
    this.#served.set(config.name, serving)
    return serving
  }

  /** From here on nothing is opened: nobody would close it. */
  refuseMore(): void {
    this.#isClosed = true
  }

  async close(): Promise<void> {
    const settled = await Promise.allSettled(this.#served.values())
    const served = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    await Promise.all(served.map(({ source }) => source.close()))
  }
}

/** Jobs have places of their own: calls never wait for one. */
async function serveSource(
  config: SourceConfig,
  { jobs, cache }: { readonly jobs: number; readonly cache: Cache },
): Promise<ServedSource> {
  const { name, url, tables, columns, identity, limits } = config
  const { memoryBytes, concurrency } = limits
  const [{ createGuard }, source] = await Promise.all([
    import('../guard/guard.ts'),
    openSource({
      name,
      url,
      memoryBytes,
      concurrency: concurrency + jobs,
      longestMs: jobs > 0 ? limits.jobMs : limits.timeoutMs,
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
    hint: 'Leave cost out of the limits of this source.',
  })

const takesNoIdentity = (): AppError =>
  new AppError('config_invalid', 'This kind of database cannot tell rows apart by who asks.', {
    hint: 'Leave identity out of this source.',
  })
