/** Why a call is refused, as a model and the person behind it read it. */
import { AppError } from '../../base/error.ts'
import type { Rate } from './options.ts'

export const callsUsedUp = ({ calls, seconds }: Rate, what: string, waitMs: number): AppError =>
  new AppError('rate_limited', `The limit of ${what} is used up: ${calls} per ${spans[seconds]}.`, {
    retryAfterMs: waitMs,
    hint: `Ask again in ${toSpan(waitMs)}. Fewer, larger questions get further: join or aggregate in one statement.`,
  })

const spans: Readonly<Record<number, string>> = { 1: 'second', 60: 'minute', 3600: 'hour' }

export const dayUsedUp = (most: number, what: string, waitMs: number): AppError =>
  new AppError('rate_limited', `The limit of ${what} is used up: ${most} per day.`, {
    retryAfterMs: waitMs,
    hint: `Come back in ${toSpan(waitMs)}, or have the limit raised by whoever runs the server. Until then answer from what has been read.`,
  })

export const slotsTaken = (most: number): AppError =>
  new AppError('rate_limited', `The limit of calls under way at once is used up: ${most}.`, {
    retryAfterMs: slotWaitMs,
    hint: 'Wait until one of them has answered, then ask again.',
  })

/** Nobody knows when a call that is under way will end. */
const slotWaitMs = 500

export const storeGone = (cause: unknown): AppError =>
  new AppError('rate_limited', 'Calls cannot be counted at the moment, so none is let in.', {
    retryAfterMs: storeWaitMs,
    hint: 'Ask again in a second. If it stays so, tell the person who runs the server: the store of the limits does not answer.',
    cause,
  })

const storeWaitMs = 1000

function toSpan(ms: number): string {
  if (ms < 10_000) return `${Math.ceil(ms / 100) / 10} s`
  if (ms < 120_000) return `${Math.ceil(ms / 1000)} s`
  const minutes = Math.ceil(ms / 60_000)
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
