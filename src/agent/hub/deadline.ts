/** A limit of time that stands still while a person is asked something. */
export class Deadline {
  readonly #controller = new AbortController()
  #left: number
  #since = 0
  #timer: NodeJS.Timeout | undefined

  constructor(ms: number) {
    this.#left = ms
    this.resume()
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  pause(): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#left -= performance.now() - this.#since
  }

  resume(): void {
    if (this.#timer !== undefined) return
    this.#since = performance.now()
    this.#timer = setTimeout(() => this.#controller.abort(), Math.max(0, this.#left))
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}
