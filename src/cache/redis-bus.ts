import { randomUUID } from 'node:crypto'
import { AppError } from '../base/error.ts'
import { connectRedis } from '../base/redis.ts'
import { within } from '../base/within.ts'
import type { Bus, BusEars } from './bus.ts'
import { parseDrop, toText } from './drop.ts'

/** Milliseconds for a Redis to take an order. */
const publishMs = 1000

export interface RedisBusOptions {
  readonly url: string
  readonly keyPrefix: string
  readonly note: (text: string) => void
}

/**
 * Orders over a channel of a Redis. What is sent while a process has no connection is lost to it, so it
 * takes every connection that comes back for a gap.
 */
export async function openRedisBus(
  { url, keyPrefix, note }: RedisBusOptions,
  ears?: BusEars,
): Promise<Bus> {
  const redis = await connectRedis({ url, section: 'cache', note })
  const { client } = redis
  const channel = `${keyPrefix}:drop`
  const self = randomUUID()
  const hear = (message: string): void => {
    const drop = parseDrop(message)
    if (drop === undefined) return ears?.onGap()
    const { from, ...order } = drop
    if (from !== self) ears?.onDrop(order)
  }
  let isHearing = false
  const listen = async (): Promise<void> => {
    // The client takes up again by itself what it once listened to.
    if (isHearing) return ears?.onGap()
    isHearing = true
    await client.subscribe(channel, hear).catch(() => (isHearing = false))
  }
  if (ears !== undefined) {
    client.on('ready', () => void listen())
    if (client.isReady) await listen()
  }
  return {
    async publish(drop) {
      try {
        return await within(client.publish(channel, toText(self, drop)), publishMs, noAnswer)
      } catch (cause) {
        throw noAnswer(cause)
      }
    },
    close: () => redis.close(),
  }
}

const noAnswer = (cause?: unknown): AppError =>
  new AppError('source_unavailable', 'The Redis of cache.store does not answer.', {
    hint: 'What is held in other processes goes when its time is over.',
    cause,
  })
