import { AppError } from '../../base/error.ts'
import { inspectFiles } from './files/inspect-file.ts'
import type { Layout } from './files/layout.ts'
import type { CatalogReply, CatalogRequest, HeardRequest, OpenRequest } from './messages.ts'
import { Parser } from './parser.ts'
import { findPlace } from './place.ts'
import { readCatalog } from './read-catalog.ts'
import { runQuery } from './run-query.ts'
import { Session, versionOf } from './session.ts'
import type { ReadRules } from './terms.ts'

/** A database that nobody asks is let go after this, so that its writer can open it. */
const idleMs = 1000

/** What a worker holds on to between requests. */
export class Answerer {
  readonly #opening: OpenRequest
  readonly #parser: Parser
  #session: Session | undefined
  #layout: Layout | undefined
  #rules: ReadRules | undefined
  #idle: NodeJS.Timeout | undefined

  private constructor(opening: OpenRequest, parser: Parser) {
    this.#opening = opening
    this.#parser = parser
  }

  static async open(opening: OpenRequest): Promise<Answerer> {
    return new Answerer(opening, await Parser.open())
  }

  async answer(request: HeardRequest | CatalogRequest): Promise<unknown> {
    clearTimeout(this.#idle)
    try {
      if (request.kind === 'catalog') return await this.#readCatalog(request.known)
      return await this.#query(request)
    } catch (error) {
      // An engine that gave up on one statement answers no other.
      if (error instanceof AppError && error.code === 'worker_lost') this.#letGo()
      throw error
    } finally {
      this.#idle = setTimeout(() => this.#letGo(), idleMs)
    }
  }

  async #readCatalog(known: Layout | undefined): Promise<CatalogReply> {
    this.#letGo()
    const layout = await this.#inspect(known)
    const session = await this.#open(layout)
    return { catalog: await readCatalog(session, layout), layout }
  }

  async #inspect(known: Layout | undefined): Promise<Layout | undefined> {
    const place = findPlace(this.#opening.path)
    if (place.kind === 'database') return undefined
    const session = await Session.open({ ...this.#opening, place, layout: undefined })
    const connection = await session.connect()
    try {
      const { listing } = session
      if (listing === undefined) return undefined
      return await inspectFiles(connection, { root: place.root, listing, known })
    } finally {
      connection.closeSync()
      session.close()
    }
  }

  async #query(request: HeardRequest): Promise<unknown> {
    this.#rules = request.rules ?? this.#rules
    if (this.#rules === undefined) throw new AppError('internal', 'The worker was told no rules.')
    const isNewLayout = request.layout !== undefined && request.layout !== this.#layout
    if (isNewLayout || this.#session?.isStale === true) this.#letGo()
    const session = this.#session ?? (await this.#open(request.layout ?? this.#layout))
    return runQuery({ parser: this.#parser, session, rules: this.#rules }, request)
  }

  async #open(layout: Layout | undefined): Promise<Session> {
    const place = findPlace(this.#opening.path)
    // A view over a file that is gone, or is another by now, cannot be made.
    if (layout !== undefined && layout.version !== versionOf(place)) {
      throw new AppError('schema_changed', 'The data files changed after the statement was judged.')
    }
    this.#layout = layout
    this.#session = await Session.open({ ...this.#opening, place, layout })
    return this.#session
  }

  #letGo(): void {
    this.#session?.close()
    this.#session = undefined
  }
}
