import { statSync } from 'node:fs'
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
import type { EngineFacts } from './describe-engine.ts'
import { toFindings } from './findings.ts'
import { locate } from './locate.ts'
import type { QueryRequest, Request } from './messages.ts'
import { reservedWords } from './reserved-words.ts'
import type { AccessRules, SqliteTerms } from './terms.ts'

/** Of processor time, for a worker's other statements. */
const spareSeconds = 60
const catalogMs = 10_000
const examineMs = 30_000

export class SqliteSource implements Source {
  readonly name: string
  readonly dialect = 'sqlite'
  readonly capabilities: Capabilities = {
    identifierQuote: '"',
    foldsNames: false,
    reservedWords,
    takesIdentity: false,
  }
  readonly advice: Advice = advice
  readonly #path: string
  readonly #pool: ProcessPool
  /** The rules each worker was last sent. */
  readonly #rules = new WeakMap<WorkerProcess, AccessRules>()
  readonly #catalog: CatalogSnapshot
  /** When a statement last found the catalog to be that of the file. */
  #comparedAt = Number.NEGATIVE_INFINITY

  constructor({ name, path, memoryBytes, concurrency, longestMs, schema }: EmbeddedOptions) {
    this.name = name
    this.#path = path
    this.#pool = new ProcessPool({
      program: fileURLToPath(new URL('worker.js', import.meta.url)),
      opening: { kind: 'open', path } satisfies Request,
      concurrency,
      memoryBytes,
      cpuSeconds: Math.ceil(longestMs / 1000) + spareSeconds,
      fileBytes: () => indexBytes(path),
    })
    this.#catalog = new CatalogSnapshot(
      () => this.#ask({ kind: 'catalog' }, catalogMs, unhurried()),
      { name, ...schema },
    )
  }

  catalog(signal: AbortSignal): Promise<Catalog> {
    return this.#catalog.get(signal)
  }

  forget(): void {
    this.#catalog.forget()
  }

  /**
   * Each statement compares the schema's version, so that a catalog is stale only where none got as
   * far as running: one that the guard refuses before.
   */
  refresh(olderThanMs: number): boolean {
    if (performance.now() - this.#comparedAt < olderThanMs) return false
    return this.#catalog.refresh(olderThanMs)
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
    } finally {
      this.#comparedAt = performance.now()
    }
  }

  async examine(signal: AbortSignal): Promise<readonly Finding[]> {
    const facts = await this.#ask<EngineFacts>({ kind: 'examine' }, examineMs, signal)
    return toFindings(this.#path, facts)
  }

  async close(): Promise<void> {
    // A load that is under way fails, and nobody is to be told.
    this.#catalog.forget()
    this.#pool.close()
  }

  async #ask<T>(request: Request, timeoutMs: number, signal: AbortSignal): Promise<T> {
    locate(this.#path)
    return (await this.#pool.run({ timeoutMs, signal, request: () => request })) as T
  }

  #toRequest(
    statement: Statement,
    { limits, prepareOnly = false }: Run,
    worker: WorkerProcess,
  ): QueryRequest {
    const { text, parameters, catalogVersion } = statement
    const { rules, ...terms } = statement.terms as SqliteTerms
    const known = this.#rules.get(worker) === rules
    this.#rules.set(worker, rules)
    return {
      kind: 'query',
      text,
      parameters,
      terms,
      catalogVersion,
      limits,
      prepareOnly,
      rules: known ? undefined : rules,
    }
  }
}

/**
 * What a worker may write at all: the shared-memory index of a write-ahead log, which it makes anew
 * after a crash. 32 KiB for 4096 frames, and a frame has at least 536 bytes (https://sqlite.org/walformat.html).
 */
function indexBytes(path: string): number {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false })
  return 1024 * 1024 + Math.ceil((log?.size ?? 0) / 536 / 4096) * 32_768
}

const unhurried = (): AbortSignal => new AbortController().signal
