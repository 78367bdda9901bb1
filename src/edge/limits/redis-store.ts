import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { connectRedis } from '../../base/redis.ts'
import { inTime } from './in-time.ts'
import { RedisSlots } from './redis-slots.ts'
import type { Counter, Store } from './store.ts'

export interface RedisStoreOptions {
  readonly url: string
  readonly keyPrefix: string
  readonly whenStoreFails: 'open' | 'closed'
  readonly note: (text: string) => void
}

/** Counts in Redis; `local` counts while Redis does not answer, where calls are to go on then. */
export async function openRedisStore(options: RedisStoreOptions, local: Store): Promise<Store> {
  const { url, keyPrefix, whenStoreFails, note } = options
  const connection = await connectRedis({ url, section: 'limits', note })
  const { client } = connection
  const standIn = whenStoreFails === 'open' ? local : undefined
  return {
    counter(name, points, duration) {
      const limiter = new RateLimiterRedis({
        storeClient: client,
        useRedisPackage: true,
        rejectIfRedisNotReady: true,
        keyPrefix: `${keyPrefix}:${name}`,
        points,
        duration,
      })
      return new TimedCounter(limiter, standIn?.counter(name, points, duration))
    },
    slots: (most) =>
      new RedisSlots({ client, most, prefix: `${keyPrefix}:slots`, standIn: standIn?.slots(most) }),
    async ready() {
      if (standIn === undefined) await inTime(client.ping())
    },
    close: () => connection.close(),
  }
}

/** Waits for Redis up to the deadline, and then asks whoever stands in for it. */
class TimedCounter implements Counter {
  readonly #counter: Counter
  readonly #standIn: Counter | undefined

  constructor(counter: Counter, standIn: Counter | undefined) {
    this.#counter = counter
    this.#standIn = standIn
  }

  consume(key: string): Promise<RateLimiterRes> {
    return this.#ask((counter) => counter.consume(key))
  }

  penalty(key: string, amount: number): Promise<RateLimiterRes> {
    return this.#ask((counter) => counter.penalty(key, amount))
  }

  get(key: string): Promise<RateLimiterRes | null> {
    return this.#ask((counter) => counter.get(key))
  }

  async #ask<T>(question: (counter: Counter) => Promise<T>): Promise<T> {
    try {
      return await inTime(question(this.#counter))
    } catch (error) {
      if (error instanceof RateLimiterRes || this.#standIn === undefined) throw error
      return question(this.#standIn)
    }
  }
}
