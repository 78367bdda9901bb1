import { AppError, cancelled } from '../base/error.ts'

export interface Bounds {
  /** On the clock of `performance.now()`. */
  readonly deadline: number
  readonly signal: AbortSignal
}

interface Waiting extends Bounds {
  /** For whoever has waited until then: the error, or how many milliseconds more are worth it. */
  readonly late: () => AppError | number
}

interface Waiter<T> {
  resolve(value: T): void
  reject(error: AppError): void
}

/** A bound of memory: what bounds the wait is each caller's own deadline. */
const mostWaiting = 4096

/** Those who wait for a worker, a connection or a slot: in order, and none longer than its deadline. */
export class WaitingLine<T> {
  #waiters: Waiter<T>[] = []

  get length(): number {
    return this.#waiters.length
  }

  /** @throws AppError `too_busy` where the line is full, `cancelled`, or what `late` gives */
  wait({ deadline, signal, late }: Waiting): Promise<T> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(cancelled())
      if (this.#waiters.length >= mostWaiting) return reject(tooMany())
      const leave = (error: AppError): void => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter)
        waiter.reject(error)
      }
      const onAbort = (): void => leave(cancelled())
      const onLate = (): void => {
        const reason = late()
        if (typeof reason === 'number') timer = setTimeout(onLate, reason)
        else leave(reason)
      }
      let timer = setTimeout(onLate, deadline - performance.now())
      const done = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
      }
      const waiter: Waiter<T> = {
        resolve: (value) => (done(), resolve(value)),
        reject: (error) => (done(), reject(error)),
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiters.push(waiter)
    })
  }

  /** Gives it to the first in line; false where nobody waits. */
  admit(value: T): boolean {
    const waiter = this.#waiters.shift()
    waiter?.resolve(value)
    return waiter !== undefined
  }

  /** Sends everybody away. */
  dismiss(error: AppError): void {
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error)
  }
}

const tooMany = (): AppError =>
  new AppError('too_busy', `${mostWaiting} statements are waiting for this source already.`)

/** For who has waited as long as it may. */
export const allBusy = (): AppError =>
  new AppError('too_busy', 'All connections of this source are busy with other statements.')

/** For who waits while the source is closed, or comes after. */
export const closed = (): AppError =>
  new AppError('source_unavailable', 'The source has been closed.')
