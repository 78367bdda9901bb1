import type { Leave, Slots } from './store.ts'

/** Slots for the calls of this process. */
export class LocalSlots implements Slots {
  readonly most: number
  readonly #taken = new Map<string, number>()

  constructor(most: number) {
    this.most = most
  }

  async take(key: string): Promise<Leave | undefined> {
    const taken = this.#taken.get(key) ?? 0
    if (taken >= this.most) return undefined
    this.#taken.set(key, taken + 1)
    return async () => this.#giveBack(key)
  }

  #giveBack(key: string): void {
    const left = (this.#taken.get(key) ?? 1) - 1
    if (left === 0) this.#taken.delete(key)
    else this.#taken.set(key, left)
  }
}
