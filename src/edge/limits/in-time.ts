import { AppError } from '../../base/error.ts'
import { within } from '../../base/within.ts'

/** How long a call waits for the store: a Redis that writes its data down pauses for a tenth of a second. */
const storeDeadlineMs = 250

/** The answer of the store, which is waited for no longer than a call can afford. */
export const inTime = <T>(answer: Promise<T>): Promise<T> => within(answer, storeDeadlineMs, away)

const away = (): AppError =>
  new AppError('rate_limited', 'The store of the limits does not answer.')
