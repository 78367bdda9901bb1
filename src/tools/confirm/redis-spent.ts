import { AppError } from '../../base/error.ts'
import { lazily } from '../../base/lazily.ts'
import { connectRedis } from '../../base/redis.ts'
import { within } from '../../base/within.ts'
import type { Seal } from './seal.ts'
import { type Spent, spareMs } from './spent.ts'

export interface RedisSpentOptions {
  readonly url: string
  /** Hears when it goes away and comes back. */
  readonly note: (text: string) => void
}

const answerMs = 1000

/** Of all processes that share a Redis. Its nonces are random, so they share no names with anything. */
export function createRedisSpent({ url, note }: RedisSpentOptions): Spent {
  let isUsed = false
  const connection = lazily(() => connectRedis({ url, section: 'confirm', note }))
  return {
    async spend({ nonce, expiresAt }: Seal) {
      isUsed = true
      try {
        const { client } = await connection()
        const PX = Math.max(1, expiresAt - Date.now()) + spareMs
        const set = client.set(`vitrine:confirmed:${nonce}`, '1', { NX: true, PX })
        return (await within(set, answerMs, away)) === 'OK'
      } catch (cause) {
        const isOurs = cause instanceof AppError && cause.code === 'config_invalid'
        throw isOurs ? cause : away(cause)
      }
    },
    async close() {
      if (isUsed) (await connection().catch(() => undefined))?.close()
    },
  }
}

const away = (cause?: unknown): AppError =>
  new AppError('too_busy', 'Nobody can tell now whether this confirmation was used before.', {
    hint: 'Nothing was changed. Ask again in a moment.',
    cause,
  })
