import { cancelled } from './error.ts'

/** The value, unless the caller gives up first: then `cancelled`, while the work goes on for others. */
export function orCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(cancelled())
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    // Also where nobody waits any more: what goes wrong then is nobody's.
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
