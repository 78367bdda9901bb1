import { fileURLToPath } from 'node:url'
import { AppError } from '../../base/error.ts'
import type { Advice } from '../advice.ts'
import type { Catalog } from '../catalog.ts'
import { CatalogSnapshot } from '../catalog-snapshot.ts'
import type { EmbeddedOptions } from '../embedded-options.ts'
import { ProcessPool } from '../process/pool.ts'
import type { WorkerProcess } from '../process/worker-process.ts'
import type { Capabilities, Finding, RowSet, Run, Source } from '../source.ts'
import type { Statement } from '../statement.ts'
import { advice } from './advice.ts'
import type { Layout } from './files/layout.ts'
import { toFindings } from './findings.ts'
import type { CatalogReply, QueryRequest, Request } from './messages.ts'
import { findPlace } from './place.ts'
import { reservedWords } from './reserved-words.ts'
import type { DuckdbTerms, ReadRules } from './terms.ts'
import { mostThreads } from './threads.ts'

/** Of processor time, for a worker's other statements. */
const spareSeconds = 60
/** A worker that has loaded the engine holds this much before it is asked anything (measured: 110 MB). */
const engineBytes = 128 * 1024 * 1024
/** Threads and allocators map address space that they never touch. */
const sparseBytes = 2 * 1024 * 1024 * 1024
/** What DuckDB counts itself; strings and lists come on top. */
const countedShare = 0.6
/** Data files are read whole once, to know what is in their columns. */
const catalogMs = 60_000

export class DuckdbSource implements Source {
  readonly name: string
  readonly dialect = 'duckdb'
  readonly capabilities: Capabilities = {
    identifierQuote: '"',
    foldsNames: false,
    reservedWords,
    takesIdentity: false,
  }
  readonly advice: Advice = advice
  readonly #path: string
  readonly #pool: ProcessPool
  /** What each worker was last sent. */
  readonly #rules = new WeakMap<WorkerProcess, ReadRules>()
  readonly #layouts = new WeakMap<WorkerProcess, Layout>()
  readonly #catalog: CatalogSnapshot
  #layout: Layout | undefined

  constructor({ name, path, memoryBytes, concurrency, longestMs, schema }: EmbeddedOptions) {
    this.name = name
    this.#path = path
    this.#pool = new ProcessPool({
      program: fileURLToPath(new URL('worker.js', import.meta.url)),
      opening: {
        kind: 'open',
        path,
        memoryBytes: Math.floor(memoryBytes * countedShare),
      } satisfies Request,
      concurrency,
      memoryBytes: memoryBytes + engineBytes,
      addressBytes: memoryBytes + sparseBytes,
      // Read-only in the operating system too: DuckDB has nothing to write here.
      fileBytes: 0,
      cpuSeconds: (Math.ceil(longestMs / 1000) + spareSeconds) * mostThreads,
    })
    this.#catalog = new CatalogSnapshot(() => this.#load(), { name, ...schema })
  }

  catalog(signal: AbortSignal): Promise<Catalog> {
    return this.#catalog.get(signal)
  }

  forget(): void {
    this.#catalog.forget()
  }

  /** Each statement compares the state of the files: a catalog that is held is never a stale one. */
  refresh(): boolean {
    return false
  }

  async query(statement: Statement, run: Run): Promise<RowSet> {
    const { limits, signal, onProgress } = run
    try {
      return (await this.#pool.run({
        timeoutMs: limits.timeoutMs,
        signal,
        onProgress,
        request: (worker) => this.#toRequest(statement, run, worker),
      })) as RowSet
    } catch (error) {
      if (error instanceof AppError && error.code === 'schema_changed') this.#catalog.forget()
      throw error
    }
  }

  async examine(signal: AbortSignal): Promise<readonly Finding[]> {
    const { engine } = await this.catalog(signal)
    return toFindings(findPlace(this.#path), { engine, layout: this.#layout })
  }

  async close(): Promise<void> {
    // A load that is under way fails, and nobody is to be told.
    this.#catalog.forget()
    this.#pool.close()
  }

  async #load(): Promise<Catalog> {
    findPlace(this.#path)
    const { catalog, layout } = (await this.#pool.run({
      timeoutMs: catalogMs,
      signal: new AbortController().signal,
      request: () => ({ kind: 'catalog', known: this.#layout }) satisfies Request,
    })) as CatalogReply
    this.#layout = layout
    return catalog
  }

  #toRequest(
    statement: Statement,
    { limits, prepareOnly = false }: Run,
    worker: WorkerProcess,
  ): QueryRequest {
    const { text, parameters, catalogVersion } = statement
    const { rules } = statement.terms as DuckdbTerms
    const layout = this.#layout
    const knowsRules = this.#rules.get(worker) === rules
    const knowsLayout = layout === undefined || this.#layouts.get(worker) === layout
    this.#rules.set(worker, rules)
    if (layout !== undefined) this.#layouts.set(worker, layout)
    return {
      kind: 'query',
      text,
      parameters,
      catalogVersion,
      limits,
      prepareOnly,
      rules: knowsRules ? undefined : rules,
      layout: knowsLayout ? undefined : layout,
    }
  }
}
