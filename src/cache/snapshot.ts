import { LRUCache } from 'lru-cache'
import { orCancelled } from '../base/or-cancelled.ts'

export interface SnapshotOptions<Value> {
  readonly load: () => Promise<Value>
  /** Milliseconds after which it is read anew; infinite where its owner notices changes itself. */
  readonly keepMs: number
  /** Told of each value that was read. */
  readonly onRead?: ((value: Value) => void) | undefined
  /** Told when it cannot be read anew and the old one is given instead; once, until it can be again. */
  readonly onStale?: ((error: unknown) => void) | undefined
}

/** What was read, and when the reading began. */
interface Held<Value> {
  readonly value: Value
  readonly readAt: number
}

/** One that is older than so many times the time it is kept is never given. */
const staleTimes = 2
/** Milliseconds between a reading that failed and the next, while there is an old one to give. */
const retryMs = 1000
/** The only one. */
const key = 'held'

/**
 * A value in memory that takes long to read: one load for all who wait, and none of them can cancel it for
 * the others. Whoever asks when it is due is given the old one while the next is read.
 */
export class Snapshot<Value extends object> {
  readonly #options: SnapshotOptions<Value>
  readonly #held: LRUCache<string, Held<Value>>
  readonly #staleMs: number
  #begunAt = Number.NEGATIVE_INFINITY
  #failedAt = Number.NEGATIVE_INFINITY
  #isFailing = false
  /** Somebody knows that there may be a newer one: whoever asks waits for it. */
  #isWanted = false

  constructor(options: SnapshotOptions<Value>) {
    const { keepMs } = options
    const mayBeStale = Number.isFinite(keepMs)
    this.#options = options
    this.#staleMs = mayBeStale ? keepMs * staleTimes : 0
    this.#held = new LRUCache<string, Held<Value>>({
      max: 1,
      ttl: mayBeStale ? keepMs : 0,
      // Whoever waits for a load that is given up meanwhile is given what it brings.
      ignoreFetchAbort: true,
      noDeleteOnFetchRejection: mayBeStale,
      noDeleteOnStaleGet: true,
      fetchMethod: async (_key, _stale, { options: terms }) => {
        const held = await this.#read()
        // It is as old as the beginning of its reading.
        if (mayBeStale) terms.ttl = Math.max(1, keepMs - (performance.now() - held.readAt))
        return held
      },
    })
  }

  async get(signal: AbortSignal): Promise<Value> {
    const fresh = this.#isWanted ? undefined : this.#held.get(key)
    return fresh?.value ?? orCancelled(this.#get(), signal)
  }

  /** Has one that was read longer ago read anew for whoever asks next; false where there is none such. */
  refresh(olderThanMs: number): boolean {
    if (this.#held.size === 0 || performance.now() - this.#begunAt < olderThanMs) return false
    this.#isWanted = true
    return true
  }

  /** Forgets it: it is known to be wrong. */
  forget(): boolean {
    return this.#held.delete(key)
  }

  async #get(): Promise<Value> {
    const old = this.#usable()
    const isWaiting = performance.now() - this.#failedAt < retryMs
    if (old !== undefined && isWaiting && !this.#isWanted) return old.value
    const begunBefore = this.#begunAt
    const asked = this.#held.fetch(key, {
      allowStale: old !== undefined && !this.#isWanted,
      forceRefresh: this.#isWanted,
    })
    try {
      const held = await asked
      if (held !== undefined) return held.value
    } catch (error) {
      const still = this.#usable()
      if (still === undefined) throw error
      return still.value
    } finally {
      if (this.#begunAt !== begunBefore) this.#isWanted = false
    }
    throw new Error('A load gave nothing.')
  }

  async #read(): Promise<Held<Value>> {
    const readAt = performance.now()
    this.#begunAt = readAt
    try {
      const value = await this.#options.load()
      this.#isFailing = false
      this.#failedAt = Number.NEGATIVE_INFINITY
      this.#options.onRead?.(value)
      return { value, readAt }
    } catch (error) {
      this.#failedAt = performance.now()
      if (this.#usable() !== undefined && !this.#isFailing) this.#options.onStale?.(error)
      this.#isFailing = true
      throw error
    }
  }

  /** The one that was read last, unless it is too old to be given instead of a newer one. */
  #usable(): Held<Value> | undefined {
    const held = this.#held.peek(key, { allowStale: true })
    return held && performance.now() - held.readAt < this.#staleMs ? held : undefined
  }
}
