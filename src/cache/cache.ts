import { AppError } from '../base/error.ts'
import type { Bus } from './bus.ts'
import type { Drop } from './drop.ts'
import { type BusOptions, openBus } from './open-bus.ts'
import type { ResultCache } from './result-cache.ts'

export interface CacheOptions extends BusOptions {
  /** Of all answers that are kept. */
  readonly mostBytes: number
  /** Told when a source has other tables or columns than it had. */
  readonly onSchemaChanged: (source: string) => void
}

/** A source, as far as it holds its schema. */
export interface SchemaHolder {
  forget(): void
  refresh(olderThanMs: number): boolean
}

export interface Dropped {
  /** Answers that were kept here. */
  readonly results: number
  /** Why other processes do not know of it; undefined where they were told. */
  readonly untold: AppError | undefined
}

/** Milliseconds between two refreshings of a source: none is a lever against its database. */
const refreshEveryMs = 2000

/** All that one process holds in memory of its sources, and its part in what the others hold. */
export class Cache {
  readonly #options: CacheOptions
  readonly #holders = new Map<string, SchemaHolder>()
  readonly #versions = new Map<string, string>()
  /** What others said the version is now: they need not hear it back. */
  readonly #announced = new Map<string, string>()
  readonly #refreshedAt = new Map<string, number>()
  #results: ResultCache | undefined
  #isServing = false
  #bus: Promise<Bus> | undefined
  #isMute = false

  constructor(options: CacheOptions) {
    this.#options = options
  }

  /** From the first source that is opened on, this process does what the others say. */
  serve(): void {
    this.#isServing = true
  }

  /** Undefined before the first source is opened: until then nothing of it is loaded. */
  get results(): ResultCache | undefined {
    return this.#results
  }

  async attach(source: string, holder: SchemaHolder): Promise<void> {
    this.#holders.set(source, holder)
    const { ResultCache } = await import('./result-cache.ts')
    this.#results ??= new ResultCache(this.#options.mostBytes)
    if (this.#isServing) this.#openBus().catch(() => undefined)
  }

  /** Of the schema that was read last; undefined where none was. */
  versionOf(source: string): string | undefined {
    return this.#versions.get(source)
  }

  /** Takes down what was read, and where that is news tells of it. */
  noteSchema(source: string, version: string): void {
    const before = this.#versions.get(source)
    this.#versions.set(source, version)
    if (before === undefined || before === version) return
    this.#results?.drop(source)
    this.#options.onSchemaChanged(source)
    if (this.#announced.get(source) === version) return
    void this.#tell({ source, scope: 'schema', version })
  }

  /** The same for whoever may ask often: undefined where that was done a moment ago. */
  async refresh(drop: Drop & { readonly source: string }): Promise<Dropped | undefined> {
    const last = this.#refreshedAt.get(drop.source) ?? Number.NEGATIVE_INFINITY
    if (performance.now() - last < refreshEveryMs) return undefined
    this.#refreshedAt.set(drop.source, performance.now())
    return this.drop(drop)
  }

  /** Forgets here, and tells the others. */
  async drop(drop: Drop): Promise<Dropped> {
    const results = this.#forget(drop)
    return { results, untold: await this.#tell(drop) }
  }

  async close(): Promise<void> {
    const bus = await this.#bus?.catch(() => undefined)
    bus?.close()
  }

  #openBus(): Promise<Bus> {
    const ears = { onDrop: (drop: Drop) => this.#obey(drop), onGap: () => this.#doubtAll() }
    this.#bus ??= openBus(this.#options, this.#isServing ? ears : undefined).catch(
      (error: unknown) => {
        this.#bus = undefined
        this.#noteMute(error)
        throw error
      },
    )
    return this.#bus
  }

  #forget(drop: Drop): number {
    if (drop.scope !== 'results') for (const holder of this.#holdersOf(drop)) holder.forget()
    return drop.scope === 'schema' ? 0 : (this.#results?.drop(drop.source) ?? 0)
  }

  #obey(drop: Drop): void {
    const { source, version } = drop
    if (source === undefined || version === undefined) return void this.#forget(drop)
    this.#announced.set(source, version)
    if (this.#versions.get(source) === version) return
    // It is due rather than wrong: one load of each process for one change.
    for (const holder of this.#holdersOf(drop)) holder.refresh(0)
  }

  #doubtAll(): void {
    this.#results?.drop()
    for (const holder of this.#holders.values()) holder.refresh(0)
  }

  #holdersOf({ source }: Drop): readonly SchemaHolder[] {
    if (source === undefined) return [...this.#holders.values()]
    const holder = this.#holders.get(source)
    return holder === undefined ? [] : [holder]
  }

  /** Said once. */
  #noteMute(error: unknown): void {
    const { message, hint } = error instanceof AppError ? error : untellable(error)
    if (!this.#isMute) this.#options.note(`${message} ${hint}`)
    this.#isMute = true
  }

  async #tell(drop: Drop): Promise<AppError | undefined> {
    try {
      const bus = await this.#openBus()
      await bus.publish(drop)
      return undefined
    } catch (error) {
      return error instanceof AppError ? error : untellable(error)
    }
  }
}

const untellable = (cause: unknown): AppError =>
  new AppError('source_unavailable', 'The other processes cannot be told.', { cause })
