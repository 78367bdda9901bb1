import { AppError } from '../../base/error.ts'

export interface Bounds {
  /** On the clock of `performance.now()`. */
  readonly deadline: number
  readonly signal: AbortSignal
}

interface Waiter {
  admit(): void
  dismiss(error: AppError): void
}

const waitingPerSlot = 16

/** How many may be at work at once; the rest stand in a line that ends. */
export class Slots {
  readonly #most: number
  #taken = 0
  #waiters: Waiter[] = []

  constructor(most: number) {
    this.#most = most
  }

  /** Resolves once a slot is the caller's, who gives it back with `free`. */
  async take(bounds: Bounds): Promise<void> {
    if (bounds.signal.aborted) throw cancelled()
    if (this.#taken < this.#most) {
      this.#taken++
      return
    }
    if (this.#waiters.length >= this.#most * waitingPerSlot) throw tooBusy()
    await this.#wait(bounds)
  }

  free(): void {
    const next = this.#waiters.shift()
    if (next === undefined) this.#taken--
    else next.admit()
  }

  /** Sends everybody away who waits. */
  dismiss(error: AppError): void {
    for (const waiter of this.#waiters.splice(0)) waiter.dismiss(error)
  }

  #wait({ deadline, signal }: Bounds): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (error: AppError): void => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter)
        waiter.dismiss(error)
      }
      const onAbort = (): void => leave(cancelled())
      const timer = setTimeout(() => leave(tooBusy()), deadline - performance.now())
      const done = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
      }
      const waiter: Waiter = {
        admit: () => (done(), resolve()),
        dismiss: (error) => (done(), reject(error)),
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiters.push(waiter)
    })
  }
}

const cancelled = (): AppError => new AppError('cancelled', 'The call was cancelled.')

const tooBusy = (): AppError =>
  new AppError('too_busy', 'All connections of this source are busy with other statements.')
