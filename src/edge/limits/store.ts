/** Where counts are kept: in this process, or in a Redis that several share. */
import type { RateLimiterRes } from 'rate-limiter-flexible'

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
