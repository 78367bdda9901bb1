/** Milliseconds that a call takes, whatever its statement had to wait for; more only where its budget is more. */
const longestCallMs = 4800

/**
 * The time that a call gives its statement. It counts from when the statement begins to run: what a worker
 * process takes to start, a connection to open or a schema to be read makes no job of a quick question.
 */
export class Budget {
  readonly #ms: number
  readonly #deadline: number
  #begun = false
  #timer: NodeJS.Timeout | undefined
  #onOver: () => void = () => undefined

  constructor(ms: number) {
    this.#ms = ms
    this.#deadline = performance.now() + Math.max(ms, longestCallMs)
  }

  get hasBegun(): boolean {
    return this.#begun
  }

  /** The statement runs; said again, it changes nothing. */
  begin(): void {
    if (this.#begun) return
    this.#begun = true
    this.#wait()
  }

  /** Resolves with true once the work is settled, with false where the time was over first. */
  covers(work: Promise<unknown>): Promise<boolean> {
    return new Promise((resolve) => {
      this.#onOver = () => resolve(false)
      this.#wait()
      const onSettled = (): void => {
        clearTimeout(this.#timer)
        resolve(true)
      }
      work.then(onSettled, onSettled)
    })
  }

  #wait(): void {
    clearTimeout(this.#timer)
    const left = this.#deadline - performance.now()
    // A process that was held up finds the time over before it has read what came meanwhile.
    const onTime = (): void => void setImmediate(this.#onOver)
    this.#timer = setTimeout(onTime, this.#begun ? Math.min(this.#ms, left) : left)
  }
}
