import { RateLimiterMemory } from 'rate-limiter-flexible'
import { LocalSlots } from './local-slots.ts'
import type { LimitsOptions } from './options.ts'
import type { Store } from './store.ts'

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
