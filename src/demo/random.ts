/** A seeded generator (mulberry32, public domain): the same shop on every machine. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  /** From 0 up to, but never, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  /** Both ends included. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)] as T
  }
}

/** A wheel of fortune: some items come more often than others. */
export class Wheel<T> {
  readonly #items: readonly T[]
  /** Up to where on the wheel each item reaches. */
  readonly #ends: readonly number[]

  constructor(items: readonly T[], weights: readonly number[]) {
    let end = 0
    this.#items = items
    this.#ends = weights.map((weight) => (end += weight))
  }

  /** The item at a place from 0 to 1. */
  at(place: number): T {
    const wanted = place * (this.#ends.at(-1) ?? 0)
    let low = 0
    let high = this.#ends.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#ends[middle] ?? 0) <= wanted) low = middle + 1
      else high = middle
    }
    return this.#items[low] as T
  }

  spin(random: Random): T {
    return this.at(random.next())
  }
}
