/** Where counts are kept: in this process, or in a Redis that several share. */
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import type { LimitsOptions } from './options.ts'
import { LocalSlots } from './local-slots.ts'

/** Counts for each key, from anew when its time is over (rate-limiter-flexible). */
export interface Counter {
  /** Counts one more; rejects with RateLimiterRes when that is one too many. */
  consume(key: string): Promise<RateLimiterRes>
  penalty(key: string, amount: number): Promise<RateLimiterRes>
  get(key: string): Promise<RateLimiterRes | null>
}

/** Gives a slot back; never throws. */
export type Leave = () => Promise<void>

/** Places for calls under way, a number of them for each key. */
export interface Slots {
  readonly most: number
  /** Undefined where all are taken. */
  take(key: string): Promise<Leave | undefined>
}

export interface Store {
  counter(name: string, most: number, seconds: number): Counter
  slots(most: number): Slots
  /** Rejects where no call could be counted now. */
  ready(): Promise<void>
  close(): void
}

export async function openStore(options: LimitsOptions): Promise<Store> {
  if (options.store === undefined) return localStore
  const { openRedisStore } = await import('./redis-store.ts')
  return openRedisStore({ ...options, url: options.store }, localStore)
}

const localStore: Store = {
  counter: (name, points, duration) => new RateLimiterMemory({ keyPrefix: name, points, duration }),
  slots: (most) => new LocalSlots(most),
  ready: () => Promise.resolve(),
  close: () => undefined,
}
