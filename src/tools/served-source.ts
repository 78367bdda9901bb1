import { AppError } from '../base/error.ts'
import { choices } from '../base/nearest.ts'
import type { Cache } from '../cache/cache.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Guard } from '../guard/guard.ts'
import type { Writer } from '../sources/change.ts'
import type { Dialect, Limits, Source } from '../sources/source.ts'

/** A source with all that a statement on it needs. */
export interface ServedSource {
  readonly source: Source
  readonly guard: Guard
  readonly limits: Limits
  /** What a plan may cost, in the engine's units; anything where undefined. */
  readonly mostCost: number | undefined
  /** Settings of the session → names of claims, where the database tells rows apart by who asks. */
  readonly identity: Readonly<Record<string, string>>
}

/** How statements go on that take longer than their call. */
export interface LongRunning {
  /** Milliseconds of a call. */
  readonly budgetMs: number
  /** Milliseconds of a statement. */
  readonly limitMs: number
  readonly jobs: Jobs
  /** Differs where a tool of that name would answer something else, or show less of the source. */
  definitionOf(tool: string): string
}

/** What is held of a source in memory. */
export interface Caching {
  readonly cache: Cache
  /** Milliseconds for which an answer of query_database is given again; 0 for never. */
  readonly resultsMs: number
  /** Callers with the same identity are given the same answers. */
  readonly isShared: boolean
}

/** The way to write to a source, apart from the one to read it. */
export interface Writable {
  /** Differs where the way leads elsewhere, or by another role; tells nothing of either. */
  readonly place: string
  /** Loads what writes, once. */
  open(): Promise<Writer>
}

/** What is known of a source before its driver is loaded: enough to describe the tools. */
export interface DeclaredSource {
  readonly name: string
  readonly dialect: Dialect
  readonly description: string | undefined
  /** Business notes for the model. */
  readonly context: string | undefined
  /** Claims of the caller by which the database tells rows apart. */
  readonly claims?: readonly string[]
  /** Undefined where a statement ends with its call. */
  readonly longRunning?: LongRunning | undefined
  /** Undefined where nothing can be told to forget it. */
  readonly caching?: Caching | undefined
  /** There where tools may change rows of it. */
  readonly writable?: Writable | undefined
  /** Loads driver and guard, once. */
  open(): Promise<ServedSource>
}

export type DeclaredSources = ReadonlyMap<string, DeclaredSource>

/** The source of that name, or the only one. */
export function pickSource(sources: DeclaredSources, name: string | undefined): DeclaredSource {
  const names = [...sources.keys()]
  const wanted = name ?? (names.length === 1 ? names[0] : undefined)
  if (wanted === undefined) {
    throw new AppError('unknown_source', 'Which source? The argument source is missing.', {
      hint: `Sources: ${names.join(', ')}.`,
    })
  }
  const found = sources.get(wanted)
  if (found !== undefined) return found
  throw new AppError('unknown_source', `There is no source ${wanted}.`, {
    hint: choices(wanted, 'Sources', names),
  })
}
