import { AppError } from '../../base/error.ts'
import type { Seal } from './seal.ts'

/** Which confirmations were used: each counts once. */
export interface Spent {
  /**
   * False where it was used before. Of several at once one alone is told true.
   * @throws AppError `too_busy` where nobody can tell: then nothing is run
   */
  spend(seal: Seal): Promise<boolean>
  close(): Promise<void>
}

/** That are remembered. */
const mostKept = 100_000
/** Remembered so much longer than a seal holds: clocks differ, and are set back. */
export const spareMs = 86_400_000

/** Of one process. */
export class LocalSpent implements Spent {
  /** Nonces, and until when they are remembered, on a clock that nobody sets. Those that end first come first. */
  readonly #kept = new Map<string, number>()

  async spend({ nonce, expiresAt }: Seal): Promise<boolean> {
    this.#forget()
    if (this.#kept.has(nonce)) return false
    if (this.#kept.size >= mostKept)
      throw new AppError('too_busy', 'Too many confirmations were used in a short time.')
    this.#kept.set(nonce, performance.now() + Math.max(0, expiresAt - Date.now()) + spareMs)
    return true
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  #forget(): void {
    const now = performance.now()
    for (const [nonce, until] of this.#kept) {
      if (until > now) return
      this.#kept.delete(nonce)
    }
  }
}
