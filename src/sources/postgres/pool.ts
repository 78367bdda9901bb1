import { AppError, toAppError } from '../../base/error.ts'
import { allBusy, type Bounds, closed, WaitingLine } from '../waiting-line.ts'
import type { Ending } from './reading.ts'
import type { Session } from './session.ts'

export interface PoolOptions {
  readonly open: (signal: AbortSignal) => Promise<Session>
  /** Most connections at a time. */
  readonly most: number
}

const idleMs = 60_000

/**
 * Connections that are open, and those who wait for one: in order, not for longer than their deadline,
 * not more of them than can hope to be served. A connection is opened for whoever comes first by then,
 * so nobody's cancel ends it.
 */
export class SessionPool {
  readonly #options: PoolOptions
  readonly #closing = new AbortController()
  readonly #busy = new Set<Session>()
  #idle: { readonly session: Session; readonly timer: NodeJS.Timeout }[] = []
  #opening = 0
  readonly #line = new WaitingLine<Session>()

  constructor(options: PoolOptions) {
    this.#options = options
  }

  /** Aborted when the pool is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal
  }

  /** Connections that count against the most. */
  get size(): number {
    return this.#busy.size + this.#idle.length + this.#opening
  }

  async acquire(waiting: Bounds): Promise<Session> {
    if (this.#closing.signal.aborted) throw closed()
    const session = this.#takeIdle()
    if (session !== undefined) return session
    const late = (): AppError => (this.#busy.size < this.#options.most ? unreachable() : allBusy())
    const turn = this.#line.wait({ ...waiting, late })
    this.#openForWaiters()
    return turn
  }

  /** Takes it back for the next one, as if it were new. */
  async giveBack(session: Session, ending?: Ending): Promise<void> {
    if (!(await session.reset(ending))) return this.drop(session)
    this.#busy.delete(session)
    if (this.#closing.signal.aborted) void session.end()
    else if (session.alive) this.#give(session)
    this.#openForWaiters()
  }

  /** No longer counts it: it is closed, or about to be. */
  drop(session: Session): void {
    this.#busy.delete(session)
    session.destroy()
    this.#openForWaiters()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#line.dismiss(closed())
    const idle = this.#idle.splice(0)
    for (const { timer } of idle) clearTimeout(timer)
    await Promise.all([
      ...idle.map(({ session }) => session.end()),
      ...[...this.#busy].map((session) => session.stop()),
    ])
  }

  #takeIdle(): Session | undefined {
    for (;;) {
      const last = this.#idle.pop()
      if (last === undefined) return undefined
      clearTimeout(last.timer)
      if (!last.session.alive) continue
      this.#busy.add(last.session)
      return last.session
    }
  }

  /** To the first in line, or onto the shelf, from where it is closed after a while. */
  #give(session: Session): void {
    this.#busy.add(session)
    if (this.#line.admit(session)) return
    this.#busy.delete(session)
    const timer = setTimeout(() => this.#retire(session), idleMs).unref()
    this.#idle.push({ session, timer })
  }

  #retire(session: Session): void {
    const found = this.#idle.find((one) => one.session === session)
    if (found === undefined) return
    clearTimeout(found.timer)
    this.#idle = this.#idle.filter((one) => one !== found)
    void session.end()
  }

  #openForWaiters(): void {
    const { most } = this.#options
    while (this.#opening < this.#line.length && this.size < most) {
      if (this.#closing.signal.aborted) return
      this.#opening++
      void this.#open()
    }
  }

  async #open(): Promise<void> {
    try {
      const session = await this.#options.open(this.#closing.signal)
      void session.gone.then(() => this.#retire(session))
      this.#opening--
      if (this.#closing.signal.aborted) await session.end()
      else this.#give(session)
    } catch (error) {
      this.#opening--
      this.#openingFailed(toAppError(error))
    }
  }

  /** Nobody else is coming: those in line are told why. */
  #openingFailed(error: AppError): void {
    if (this.#opening + this.#busy.size > 0) return
    this.#line.dismiss(error)
  }
}

const unreachable = (): AppError =>
  new AppError('source_unavailable', 'The database did not answer in time.')
