import { Deadline } from './deadline.ts'
import type { Elicit } from './open-client.ts'

/**
 * The calls that run at one server. Their clocks stand still while it asks a person: it cannot answer them
 * before. It may ask only while there are any, and a question ends with the last of them.
 */
export class RunningCalls {
  readonly #deadlines = new Set<Deadline>()
  #asking = 0
  #ended = new AbortController()

  begin(ms: number): Deadline {
    if (this.#deadlines.size === 0) this.#ended = new AbortController()
    const deadline = new Deadline(ms)
    if (this.#asking > 0) deadline.pause()
    this.#deadlines.add(deadline)
    return deadline
  }

  end(deadline: Deadline): void {
    deadline.stop()
    this.#deadlines.delete(deadline)
    if (this.#deadlines.size === 0) this.#ended.abort()
  }

  /** Where no call runs a person is at something else, and their words would go astray. */
  asks(elicit: Elicit): Elicit {
    return async (asked, signal) => {
      if (this.#deadlines.size === 0) return { action: 'cancel' }
      const ends = AbortSignal.any([signal, this.#ended.signal])
      if (this.#asking === 0) for (const deadline of this.#deadlines) deadline.pause()
      this.#asking += 1
      try {
        return await elicit(asked, ends)
      } finally {
        this.#asking -= 1
        if (this.#asking === 0) for (const deadline of this.#deadlines) deadline.resume()
      }
    }
  }
}
