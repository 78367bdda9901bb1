import type { AppError } from '../base/error.ts'
import { allBusy, type Bounds, WaitingLine } from './waiting-line.ts'

/** How many may be at work at once; the rest stand in a line. */
export class Slots {
  readonly #most: number
  readonly #line = new WaitingLine<void>()
  #taken = 0

  constructor(most: number) {
    this.#most = most
  }

  /** Resolves once a slot is the caller's, who gives it back with `free`. */
  async take(bounds: Bounds): Promise<void> {
    if (this.#taken === this.#most || bounds.signal.aborted)
      return this.#line.wait({ ...bounds, late: allBusy })
    this.#taken++
  }

  free(): void {
    if (!this.#line.admit()) this.#taken--
  }

  /** Sends everybody away who waits. */
  dismiss(error: AppError): void {
    this.#line.dismiss(error)
  }
}
