import { LRUCache } from 'lru-cache'

type Answer = Readonly<Record<string, unknown>>

/** An answer that may be given again. */
export interface Kept {
  readonly answer: Answer
  /** Of the clock `performance.now()`: when the question was asked, so that it is no older than it says. */
  readonly askedAt: number
}

export interface Keeping {
  readonly key: string
  readonly source: string
  readonly ttlMs: number
  /** Of the answer as JSON. */
  readonly bytes: number
}

/** A parsed answer takes so many times the bytes of its JSON (measured: 2.8 with 500 rows of six columns; short numbers take more). */
const heldPerByte = 4
/** Of its key and of what the cache knows of it. */
const entryBytes = 500

/** Answers in memory, the least used of which go first. */
export class ResultCache {
  readonly #kept: LRUCache<string, Kept & { readonly source: string }>
  /** Counts what was dropped: an answer that was asked for before is not kept after it. */
  #era = 0

  constructor(mostBytes: number) {
    this.#kept = new LRUCache({ maxSize: mostBytes, maxEntrySize: Math.ceil(mostBytes / 4) })
  }

  get era(): number {
    return this.#era
  }

  find(key: string): Kept | undefined {
    return this.#kept.get(key)
  }

  keep({ key, source, ttlMs, bytes }: Keeping, { answer, askedAt }: Kept): void {
    const size = entryBytes + bytes * heldPerByte
    this.#kept.set(key, { answer, askedAt, source }, { ttl: ttlMs, start: askedAt, size })
  }

  /** Of one source, or all. Gives how many there were. */
  drop(source?: string): number {
    this.#era += 1
    const before = this.#kept.size
    if (source === undefined) this.#kept.clear()
    else
      for (const [key, kept] of this.#kept.entries())
        if (kept.source === source) this.#kept.delete(key)
    return before - this.#kept.size
  }
}
