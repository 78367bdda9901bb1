import type { ServerResponse } from 'node:http'
import type { Actor } from '../../base/actor.ts'
import { AppError } from '../../base/error.ts'

/** Streams of one actor that are open at a time, of `subscriptions/listen` and of HTTP+SSE together. */
const mostOfActor = 50

export interface StreamPlaces {
  /**
   * Takes a place until the response has closed.
   *
   * @throws AppError `rate_limited` where the actor has all of theirs
   */
  take(actor: Actor, response: ServerResponse): void
}

/** Nobody's streams are so many that there is no place for those of others. */
export function createStreamPlaces(): StreamPlaces {
  const taken = new Map<string, number>()
  return {
    take({ id }, response) {
      // Of one that has closed already nothing more is heard.
      if (response.destroyed) return
      const count = taken.get(id) ?? 0
      if (count >= mostOfActor) throw allTaken()
      taken.set(id, count + 1)
      response.once('close', () => {
        const left = (taken.get(id) ?? 1) - 1
        if (left === 0) taken.delete(id)
        else taken.set(id, left)
      })
    },
  }
}

const allTaken = (): AppError =>
  new AppError('rate_limited', `The limit of streams open at once is used up: ${mostOfActor}.`, {
    retryAfterMs: placeWaitMs,
    hint: 'Close one of them, then open another.',
  })

/** Nobody knows when a stream will end. */
const placeWaitMs = 5000
