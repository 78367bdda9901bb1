import type { AppError } from './error.ts'

/** The value, unless it takes longer: then the error, while the work goes on for others. */
export function within<T>(work: Promise<T>, ms: number, late: () => AppError): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), ms)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
