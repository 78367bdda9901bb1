import { AppError } from '../../base/error.ts'

/** What `run` of a tool with an effect does: it was called by a way that asks nobody, such as a job. */
export const refuseUnconfirmed = (): Promise<never> =>
  Promise.reject(
    new AppError('not_confirmed', 'This changes something, and nobody has confirmed it.'),
  )
