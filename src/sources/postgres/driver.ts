import { AppError } from '../../base/error.ts'
import type { Advice } from '../advice.ts'
import type { Catalog } from '../catalog.ts'
import { CatalogSnapshot, type SchemaTerms } from '../catalog-snapshot.ts'
import type { Grant } from '../grant.ts'
import type { Capabilities, Estimate, Finding, RowSet, Run, Source } from '../source.ts'
import type { Statement } from '../statement.ts'
import { orCancelled } from '../../base/or-cancelled.ts'
import { advice } from './advice.ts'
import { Checks } from './checks.ts'
import { toEstimate } from './estimate.ts'
import type { PostgresFacts, PostgresTerms } from './facts.ts'
import { toFindings } from './findings.ts'
import { grantSql } from './grant-sql.ts'
import { roleQuestions, toRoleFacts } from './describe-role.ts'
import { toFailure } from './failure.ts'
import { toConnectOptions } from './options.ts'
import { SessionPool } from './pool.ts'
import { readCatalog } from './read-catalog.ts'
import { reservedWords } from './reserved-words.ts'
import { runQuery } from './run-query.ts'
import { Session } from './session.ts'
import { type Row, TypeNames } from './type-names.ts'

export interface PostgresSourceOptions {
  readonly name: string
  /** `postgres://user:password@host:port/database?word=value` */
  readonly url: string
  /** Statements that run at the same time, each on a connection of its own. */
  readonly concurrency: number
  readonly schema?: SchemaTerms | undefined
}

const capabilities: Capabilities = {
  identifierQuote: '"',
  foldsNames: true,
  reservedWords,
  takesIdentity: true,
}

type Ask = (statements: readonly string[]) => Promise<readonly (readonly Row[])[]>

const keepCatalogMs = 60_000
const catalogMs = 30_000
/** Bytes of a plan. */
const longestPlan = 4_000_000

export class PostgresSource implements Source {
  readonly name: string
  readonly dialect = 'postgres'
  readonly capabilities: Capabilities = capabilities
  readonly advice: Advice = advice
  readonly #url: string
  readonly #pool: SessionPool
  readonly #catalog: CatalogSnapshot
  readonly #checks = new Checks()
  #last: Catalog | undefined
  /** Of the newest catalog; a statement is judged against one before it runs. */
  #types = new TypeNames()
  #functions: ReadonlySet<string> = new Set()

  constructor({ name, url, concurrency, schema }: PostgresSourceOptions) {
    this.name = name
    this.#url = url
    this.#pool = new SessionPool({
      most: concurrency,
      open: (signal) => Session.open(toConnectOptions(url), signal),
    })
    this.#catalog = new CatalogSnapshot(() => this.#readCatalog(), {
      name,
      keepMs: keepCatalogMs,
      ...schema,
    })
  }

  catalog(signal: AbortSignal): Promise<Catalog> {
    return this.#catalog.get(signal)
  }

  forget(): void {
    this.#catalog.forget()
  }

  refresh(olderThanMs: number): boolean {
    return this.#catalog.refresh(olderThanMs)
  }

  async query(statement: Statement, run: Run): Promise<RowSet> {
    try {
      return await runQuery(statement, run, {
        pool: this.#pool,
        types: this.#types,
        checks: this.#checks,
        isFunction: (name) => this.#functions.has(name),
      })
    } catch (error) {
      if (error instanceof AppError && error.code === 'schema_changed') this.#catalog.forget()
      throw error
    }
  }

  async estimate(statement: Statement, run: Run): Promise<Estimate | undefined> {
    if (!(statement.terms as PostgresTerms).hasPlan) return undefined
    const plan = { ...statement, text: `EXPLAIN (FORMAT JSON) ${statement.text}` }
    const limits = { ...run.limits, rows: 1, cellBytes: longestPlan, answerBytes: longestPlan }
    const { rows } = await this.query(plan, { ...run, limits })
    return toEstimate(rows[0]?.[0])
  }

  examine(signal: AbortSignal): Promise<readonly Finding[]> {
    const examined = this.#inOneState(async (ask, session) => {
      const role = toRoleFacts(await ask(roleQuestions))
      const { encrypted, shared } = session
      return toFindings(role, { options: toConnectOptions(this.#url), encrypted, shared })
    })
    return orCancelled(examined, signal)
  }

  grantSql(grant: Grant): readonly string[] {
    return grantSql(grant, toConnectOptions(this.#url).database)
  }

  close(): Promise<void> {
    // A load that is under way fails, and nobody is to be told.
    this.#catalog.forget()
    return this.#pool.close()
  }

  async #readCatalog(): Promise<Catalog> {
    const { catalog, types } = await this.#inOneState((ask) => readCatalog(ask))
    // The very same one where nothing changed: what the guard made of it holds on.
    if (catalog.version === this.#last?.version) return this.#last
    this.#last = catalog
    this.#types = types
    const { builtins, functions } = catalog.facts as PostgresFacts
    this.#functions = new Set([...builtins.keys(), ...functions.map((one) => one.name)])
    return catalog
  }

  /** Questions of ours in one transaction. */
  async #inOneState<T>(work: (ask: Ask, session: Session) => Promise<T>): Promise<T> {
    const deadline = performance.now() + catalogMs
    const session = await this.#pool.acquire({ deadline, signal: AbortSignal.timeout(catalogMs) })
    const timer = setTimeout(() => session.destroy(), catalogMs)
    try {
      return await work(async (statements) => {
        const [, , process, ...rows] = await session.ask([...opening, ...statements])
        session.noteProcess(Number(process?.[0]?.[0]))
        return rows
      }, session)
    } catch (error) {
      throw toFailure(error)
    } finally {
      clearTimeout(timer)
      void this.#pool.giveBack(session)
    }
  }
}

const opening = [
  'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
  `SET LOCAL statement_timeout = ${catalogMs}`,
  'SELECT pg_catalog.pg_backend_pid()',
]
