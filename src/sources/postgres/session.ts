import pg from 'pg'
import type { ConnectionOptions } from 'node:tls'
import { sendCancel } from './cancel.ts'
import { type ClientInside, connect, type Connected, destroy } from './connect.ts'
import type { ConnectOptions } from './options.ts'
import { outlast } from './outlast.ts'
import type { Bound } from './bound.ts'
import type { Ending, Reading } from './reading.ts'
import { hasKept, hasStayedInside, resetSql, sharedResetSql } from './reset-sql.ts'
import type { Row } from './type-names.ts'
import type { Field } from './wire.ts'

/** How long the server may take to obey a cancel, or to clean up. */
const obeyMs = 1000
const repeatMs = 100
const resetMs = 5000

const textOnly = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig

/** One connection to the server, and what it takes to be rid of it. */
export class Session {
  /** Resolves when the connection is gone, for whatever reason. */
  readonly gone: Promise<void>
  readonly #client: pg.Client
  readonly #options: ConnectOptions
  readonly #tls: ConnectionOptions | false
  /** A name may stand for several servers; a cancel goes to this one. */
  readonly #address: string | undefined
  readonly #kept = new Set<string>()
  #alive = true
  /** Undefined until the first answer. */
  #shared: boolean | undefined
  #reading: Reading | undefined
  #used = false

  static async open(options: ConnectOptions, signal: AbortSignal): Promise<Session> {
    return new Session(await connect(options, signal), options)
  }

  private constructor({ client, tls }: Connected, options: ConnectOptions) {
    this.#client = client
    this.#options = options
    this.#tls = tls
    this.gone = new Promise((resolve) => client.once('end', () => resolve()))
    client.on('error', () => (this.#alive = false))
    client.once('end', () => this.#lose())
    const { stream } = this.#inside.connection
    this.#address = stream.remoteAddress
    stream.on('data', (bytes: Buffer) => this.#watch(bytes.length))
  }

  get alive(): boolean {
    return this.#alive
  }

  /** True once a statement has run: the server may have gone since. */
  get used(): boolean {
    return this.#used
  }

  get encrypted(): boolean {
    return this.#tls !== false
  }

  /** A pooler stands between: the process that answers is not the one that let us in. */
  get shared(): boolean {
    return this.#shared === true
  }

  /** Names of prepared statements of ours; undefined where they may not be there for the next call. */
  get kept(): Set<string> | undefined {
    return this.#shared === false ? this.#kept : undefined
  }

  noteProcess(id: number): void {
    this.#shared = id !== this.#inside.processID
  }

  read(reading: Reading): void {
    this.#used = true
    this.#reading = reading
    this.#client.query(reading)
  }

  /** Statements of our own, together in one message of the simple protocol. */
  async ask(statements: readonly string[]): Promise<readonly (readonly Row[])[]> {
    this.#used = true
    const results: unknown = await this.#client.query({
      text: statements.join(';\n'),
      rowMode: 'array',
      types: textOnly,
    })
    const list = (Array.isArray(results) ? results : [results]) as { rows: Row[] }[]
    return list.map(({ rows }) => rows)
  }

  /** One statement that may write, by the extended protocol; its rows are told one by one, and not kept. */
  exchange({ text, values }: Bound, onRow: (row: Row) => void): Promise<Done> {
    this.#used = true
    const query = new pg.Query({
      text,
      values: [...values],
      rowMode: 'array',
      types: textOnly,
      queryMode: 'extended',
    } as pg.QueryConfig)
    return new Promise((resolve, reject) => {
      query.on('row', (row: unknown) => onRow(row as Row))
      query.on('error', reject)
      query.on('end', (result) =>
        resolve({ command: result.command, affected: result.rowCount ?? 0, fields: result.fields }),
      )
      this.#client.query(query)
    })
  }

  /** Leaves nothing for the next call, if the last one did not do that itself; false where that did not work. */
  async reset(ending?: Ending): Promise<boolean> {
    this.#reading = undefined
    const left = ending?.left
    if (left === undefined) return this.#reset()
    return hasStayedInside(left) && hasKept(left, this.#kept.size) && ending?.status === 'I'
  }

  async #reset(): Promise<boolean> {
    const timer = setTimeout(() => this.destroy(), resetMs)
    try {
      const [, [left] = []] = await this.ask([this.shared ? sharedResetSql : resetSql])
      return this.#alive && (this.shared || (left !== undefined && hasKept(left, this.#kept.size)))
    } catch {
      return false
    } finally {
      clearTimeout(timer)
    }
  }

  /**
   * Cancels what runs and closes the connection; a server that does not obey loses it all the same.
   * It is not used again: a cancel that comes late would hit another call. False where nobody knows that the server obeyed.
   */
  async stop(): Promise<boolean> {
    const timer = setTimeout(() => this.destroy(), obeyMs)
    const state = await this.#cancelUntilOver()
    clearTimeout(timer)
    await this.end()
    return state === 'over'
  }

  /** Resolves when the server has ended what it runs; behind a pooler nobody can tell. */
  async outlast(signal: AbortSignal): Promise<void> {
    if (this.shared) return
    await outlast({ options: this.#options, processId: this.#inside.processID, signal })
  }

  /** More than once: while a statement is made ready to run, a server may miss a cancel. */
  async #cancelUntilOver(): Promise<State> {
    const { processID, secretKey } = this.#inside
    const [options, tls, address] = [this.#options, this.#tls, this.#address]
    const over = this.#reading?.over.then((status) => (status === undefined ? 'lost' : 'over'))
    const until = performance.now() + obeyMs
    let state: State
    do {
      await sendCancel({ options, tls, address, processID, secretKey }, obeyMs)
      state = (await Promise.race([over, running()])) ?? 'over'
    } while (state === 'running' && performance.now() < until)
    return state
  }

  /** Says goodbye. */
  async end(): Promise<void> {
    const timer = setTimeout(() => this.destroy(), obeyMs)
    await this.#client.end().catch(() => undefined)
    clearTimeout(timer)
    this.destroy()
  }

  destroy(): void {
    this.#alive = false
    destroy(this.#client)
  }

  #lose(): void {
    this.#alive = false
    this.#reading?.lose()
  }

  get #inside(): ClientInside {
    return this.#client as unknown as ClientInside
  }

  #watch(bytes: number): void {
    if (this.#reading?.isFlooded(bytes) === true) this.destroy()
  }
}

/** What the server says of a statement that is done. */
export interface Done {
  /** Its first word, as the server has understood it. */
  readonly command: string
  readonly affected: number
  readonly fields: readonly Field[]
}

type State = 'over' | 'running' | 'lost'

const running = (): Promise<'running'> =>
  new Promise((resolve) => setTimeout(() => resolve('running'), repeatMs))
