import { setTimeout as pause } from 'node:timers/promises'
import type { Advice } from '../advice.ts'
import type { Catalog } from '../catalog.ts'
import { CatalogSnapshot, type SchemaTerms } from '../catalog-snapshot.ts'
import { type Grant, grantedTables } from '../grant.ts'
import type { Capabilities, Finding, RowSet, Run, Source } from '../source.ts'
import type { Statement } from '../statement.ts'
import { advice } from './advice.ts'
import type { Connection } from './connection.ts'
import { toFailure } from './failure.ts'
import { toFindings } from './findings.ts'
import { grantSql } from './grant-sql.ts'
import { Killer } from './killer.ts'
import { Pool, type Work } from './pool.ts'
import { readCatalog } from './read-catalog.ts'
import { readEngine } from './read-engine.ts'
import { reservedWords } from './reserved-words.ts'
import { runStatement } from './run-statement.ts'
import { parseServerUrl, type ServerAddress } from './server-url.ts'
import type { MysqlFacts, MysqlTerms } from './terms.ts'

export interface MysqlOptions {
  readonly name: string
  /** `mysql:` or `mariadb:`, as the config has it. */
  readonly url: string
  /** Statements that run at the same time, each in a session of its own. */
  readonly concurrency: number
  readonly schema?: SchemaTerms | undefined
}

const catalogMs = 30_000
/** How long a shutdown waits for the server to end what was running. */
const closingMs = 1000
const keepCatalogMs = 60_000

export class MysqlSource implements Source {
  readonly name: string
  readonly dialect = 'mysql'
  readonly capabilities: Capabilities = {
    identifierQuote: '`',
    foldsNames: false,
    reservedWords,
    takesIdentity: false,
  }
  readonly advice: Advice = advice
  readonly #server: ServerAddress
  readonly #pool: Pool
  readonly #killer: Killer
  readonly #catalog: CatalogSnapshot
  /** The catalog as it was last read: the same object while nothing changed, so that rules are kept. */
  #last: Catalog | undefined

  constructor({ name, url, concurrency, schema }: MysqlOptions) {
    this.name = name
    this.#server = parseServerUrl(url)
    this.#pool = new Pool({ server: this.#server, concurrency })
    this.#killer = new Killer(this.#server)
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

  query(statement: Statement, run: Run): Promise<RowSet> {
    const { limits, signal, prepareOnly = false, onProgress } = run
    const { text, parameters } = statement
    const terms = statement.terms as MysqlTerms
    const deadline = performance.now() + limits.timeoutMs
    const bounds = { deadline, signal, timeoutMs: limits.timeoutMs }
    return this.#pool.use(bounds, (connection) => {
      onProgress?.({})
      return runStatement(connection, {
        ...bounds,
        text,
        parameters,
        terms,
        limits,
        prepareOnly,
        onProgress,
        killer: this.#killer,
      })
    })
  }

  async examine(signal: AbortSignal): Promise<readonly Finding[]> {
    const catalog = await this.catalog(signal)
    const facts = await this.#ask((connection) => readEngine(connection), signal)
    return toFindings(this.#server, facts, catalog)
  }

  grantSql(grant: Grant): readonly string[] {
    const { database = '' } = grant.whole.facts as MysqlFacts
    return grantSql(grantedTables(grant), { name: grant.role, database })
  }

  async close(): Promise<void> {
    // A load that is under way fails, and nobody is to be told.
    this.#catalog.forget()
    const busy = this.#pool.close()
    const kills = Promise.all(busy.map((one) => this.#killer.kill('CONNECTION', one)))
    if (busy.length > 0) await Promise.race([kills, pause(closingMs)])
    this.#killer.close()
  }

  async #readCatalog(): Promise<Catalog> {
    const { database } = this.#server
    const read = await this.#ask((connection) => readCatalog(connection, database), unhurried())
    if (read.version !== this.#last?.version) this.#last = read
    return this.#last
  }

  /** Work of our own in a session; the same limits hold, with more time. */
  #ask<Result>(
    ask: (connection: Connection) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result> {
    const deadline = performance.now() + catalogMs
    return this.#pool.use({ deadline, signal, timeoutMs: catalogMs }, (connection) =>
      toWork(ask(connection)),
    )
  }
}

function toWork<Result>(asking: Promise<Result>): Work<Result> {
  const result = asking.catch((error: unknown) => {
    throw toFailure(error)
  })
  const settled = result.then(
    () => undefined,
    () => undefined,
  )
  return { result, settled }
}

const unhurried = (): AbortSignal => new AbortController().signal
