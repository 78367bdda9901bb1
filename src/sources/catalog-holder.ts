import { orCancelled } from '../base/or-cancelled.ts'
import type { Catalog } from './catalog.ts'

/** A catalog in memory: one load for all who wait, and none of them can cancel it for the others. */
export class CatalogHolder {
  readonly #load: () => Promise<Catalog>
  readonly #keepMs: number
  #held: Promise<Catalog> | undefined
  #readAt = 0

  /** `keepMs`: after this a catalog is read anew; for ever where the source notices changes itself. */
  constructor(load: () => Promise<Catalog>, keepMs: number = Number.POSITIVE_INFINITY) {
    this.#load = load
    this.#keepMs = keepMs
  }

  get(signal: AbortSignal): Promise<Catalog> {
    this.forget(this.#keepMs)
    return orCancelled((this.#held ??= this.#begin()), signal)
  }

  /** Forgets a catalog that was read longer ago; true where there was one. */
  forget(olderThanMs: number): boolean {
    if (this.#held === undefined || performance.now() - this.#readAt < olderThanMs) return false
    this.#held = undefined
    return true
  }

  #begin(): Promise<Catalog> {
    const loading = this.#load()
    this.#readAt = performance.now()
    loading.catch(() => {
      if (this.#held === loading) this.#held = undefined
    })
    return loading
  }
}
