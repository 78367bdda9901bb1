import type { OnProgress } from '../../base/progress.ts'

export interface Bounds {
  /** When the answer must be there, in milliseconds of `performance.now()`. */
  readonly deadline: number
  /** Told to the caller when the deadline passes. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** Called first when the request begins to run. */
  readonly onProgress?: OnProgress | undefined
}

/** One request that a worker has not answered. */
export interface Asked {
  readonly bounds: Bounds
  resolve(value: unknown): void
  reject(error: Error): void
  /** Nobody waits for the answer. */
  isGone: boolean
}

interface Ends {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
  readonly onAbort: () => void
}

export function toAsked(bounds: Bounds, { resolve, reject, onAbort }: Ends): Asked {
  const { signal } = bounds
  signal.addEventListener('abort', onAbort, { once: true })
  const done = (): void => signal.removeEventListener('abort', onAbort)
  return {
    bounds,
    resolve: (value) => (done(), resolve(value)),
    reject: (error) => (done(), reject(error)),
    isGone: false,
  }
}
