import { AppError } from '../../base/error.ts'
import { within } from '../../base/within.ts'
import { Connection } from './connection.ts'
import { isLost, toFailure } from './failure.ts'
import type { ServerAddress } from './server-url.ts'
import { Slots } from '../slots.ts'
import { type Bounds, closed } from '../waiting-line.ts'

export interface PoolOptions {
  readonly server: ServerAddress
  /** Statements that run at the same time, each in a session of its own. */
  readonly concurrency: number
}

export interface UseOptions extends Bounds {
  /** What the session lets a statement take. */
  readonly timeoutMs: number
}

/** What `work` may leave running: its slot and its connection are free when that has ended. */
export interface Work<Result> {
  readonly result: Promise<Result>
  readonly settled: Promise<void>
}

const connectMs = 5000
const spareIdleMs = 30_000
/** A connection that rested this long is asked whether it is still there. */
const doubtfulMs = 5000
const pingMs = 1000

/**
 * Sessions at one server. Each is made as new before the next statement runs in it, and that happens
 * after the answer before has gone out, so that nobody waits for it.
 */
export class Pool {
  readonly #options: PoolOptions
  readonly #slots: Slots
  readonly #open = new Set<Connection>()
  #idle: Connection[] = []
  #retiring: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: PoolOptions) {
    this.#options = options
    this.#slots = new Slots(options.concurrency)
  }

  /**
   * Runs `work` in a clean session. Where the connection turns out to be gone before anything came
   * back, as after a restart of the server, the same is done once more in a new one: it only reads.
   */
  async use<Result>(
    options: UseOptions,
    work: (connection: Connection) => Work<Result>,
  ): Promise<Result> {
    for (let mayBeOld = true; ; mayBeOld = false) {
      await this.#slots.take(options)
      const used = await this.#take(options, mayBeOld).catch((error: unknown) => {
        this.#slots.free()
        throw toFailure(error)
      })
      try {
        const { result, settled } = work(used.connection)
        void settled.then(() => this.#giveBack(used.connection, options.timeoutMs))
        return await result
      } catch (error) {
        if (!isLost(error) || used.fresh) throw toFailure(error)
        this.#dropIdle()
      }
    }
  }

  /** Nothing is taken from here on; gives the connections at work, whose statements go on at the server. */
  close(): Connection[] {
    this.#closed = true
    clearTimeout(this.#retiring)
    this.#slots.dismiss(closed())
    const busy = [...this.#open].filter((one) => one.alive && !this.#idle.includes(one))
    for (const connection of this.#open) connection.destroy()
    this.#open.clear()
    this.#idle = []
    return busy
  }

  async #take(
    options: UseOptions,
    mayBeOld: boolean,
  ): Promise<{ connection: Connection; fresh: boolean }> {
    if (this.#closed) throw closed()
    for (let idle = mayBeOld ? this.#idle.pop() : undefined; idle; idle = this.#idle.pop()) {
      if (await isUsable(idle, options.timeoutMs)) return { connection: idle, fresh: false }
      this.#drop(idle)
    }
    return { connection: await this.#connect(options), fresh: true }
  }

  async #connect({ deadline, signal, timeoutMs }: UseOptions): Promise<Connection> {
    const patience = Math.min(connectMs, Math.max(1, deadline - performance.now()))
    const connection = await Connection.open(this.#options.server, { timeoutMs: patience, signal })
    this.#open.add(connection)
    try {
      if (this.#closed) throw closed()
      await within(connection.renew(timeoutMs), patience, noAnswer)
      return connection
    } catch (error) {
      this.#drop(connection)
      throw error
    }
  }

  async #giveBack(connection: Connection, timeoutMs: number): Promise<void> {
    try {
      if (this.#closed || !connection.alive) throw closed()
      await within(connection.renew(timeoutMs), connectMs, noAnswer)
      connection.idleSince = performance.now()
      this.#idle.push(connection)
    } catch {
      this.#drop(connection)
    }
    this.#slots.free()
    if (this.#idle.length > 1) this.#retiring ??= this.#retireLater()
  }

  #retireLater(): NodeJS.Timeout {
    return setTimeout(() => {
      this.#retiring = undefined
      for (const spare of this.#idle.splice(1)) this.#drop(spare)
    }, spareIdleMs).unref()
  }

  #dropIdle(): void {
    for (const idle of this.#idle.splice(0)) this.#drop(idle)
  }

  #drop(connection: Connection): void {
    connection.destroy()
    this.#open.delete(connection)
  }
}

/** Alive as far as can be told, and prepared for this time limit. */
async function isUsable(connection: Connection, timeoutMs: number): Promise<boolean> {
  if (!connection.alive) return false
  try {
    if (performance.now() - connection.idleSince > doubtfulMs)
      await within(connection.ask('DO 0'), pingMs, noAnswer)
    if (!connection.isPreparedFor(timeoutMs))
      await within(connection.renew(timeoutMs), pingMs, noAnswer)
    return true
  } catch {
    return false
  }
}

const noAnswer = (): AppError =>
  new AppError('source_unavailable', 'The database server does not answer.')
