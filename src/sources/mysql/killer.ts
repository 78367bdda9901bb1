import { Connection } from './connection.ts'
import type { ServerAddress } from './server-url.ts'

const connectMs = 1000
const idleMs = 30_000

/** Ends other connections' statements, by a connection of its own that opens when first needed. */
export class Killer {
  readonly #server: ServerAddress
  #opening: Promise<Connection> | undefined
  #idle: NodeJS.Timeout | undefined
  #closed = false

  constructor(server: ServerAddress) {
    this.#server = server
  }

  /** True once the server has taken the order. */
  async kill(what: 'QUERY' | 'CONNECTION', victim: Connection): Promise<boolean> {
    try {
      const connection = await this.#connection()
      // Behind one address there may be several servers, and the same number elsewhere is another's.
      if (connection.facts.identity !== victim.facts.identity) return false
      await connection.ask(`KILL ${what} ${victim.id}`)
      return true
    } catch {
      return false
    }
  }

  close(): void {
    this.#closed = true
    this.#disconnect()
  }

  #disconnect(): void {
    clearTimeout(this.#idle)
    const opening = this.#opening
    this.#opening = undefined
    opening?.then(
      (connection) => connection.destroy(),
      () => undefined,
    )
  }

  /** One for all who ask, and a new one where it broke. */
  #connection(): Promise<Connection> {
    if (this.#closed) return Promise.reject(new Error('The source has been closed.'))
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => this.#disconnect(), idleMs).unref()
    this.#opening =
      this.#opening?.then(
        (held) => (held.alive ? held : this.#open()),
        () => this.#open(),
      ) ?? this.#open()
    return this.#opening
  }

  #open(): Promise<Connection> {
    const signal = AbortSignal.timeout(connectMs)
    return Connection.open(this.#server, { timeoutMs: connectMs, signal })
  }
}
