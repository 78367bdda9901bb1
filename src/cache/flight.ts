import { orCancelled } from '../base/or-cancelled.ts'

/** Work that several wait for: none of them can cancel it for the others, and it ends with the last of them. */
export class Flight<Value> {
  readonly #cancel = new AbortController()
  readonly #value: Promise<Value>
  #waiting = 0

  constructor(run: (signal: AbortSignal) => Promise<Value>) {
    this.#value = run(this.#cancel.signal)
  }

  /** Nobody has waited for it to its end: what it brings is of no use. */
  get isGivenUp(): boolean {
    return this.#cancel.signal.aborted
  }

  async join(signal: AbortSignal): Promise<Value> {
    this.#waiting += 1
    try {
      return await orCancelled(this.#value, signal)
    } finally {
      this.#waiting -= 1
      if (this.#waiting === 0) this.#cancel.abort()
    }
  }
}
