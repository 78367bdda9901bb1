import type { AppError } from './error.ts'

/** The value, unless it takes longer: then the error, while the work goes on for others. */
export function within<T>(work: Promise<T>, ms: number, late: () => AppError): Promise<T> {
  return new Promise((resolve, reject) => {
    // A process that was held up finds the time over before it has read what came meanwhile.
    const timer = setTimeout(() => setImmediate(() => reject(late())), ms)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
