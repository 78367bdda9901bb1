import { connectRedis, type RedisConnection } from '../../base/redis.ts'
import type { Backing, BackingOptions, Bullmq, JobQueue } from './backing.ts'
import { away } from './failures.ts'
import { RedisRecords } from './redis-records.ts'

/** Events of a queue are read by nobody. */
const mostEvents = 100
/** So that a way that went silent is noticed (`socketTimeout`). */
const readForMs = 1000

/** One connection for every queue, and one that hears what happens. */
export async function openRedisBacking(bullmq: Bullmq, options: BackingOptions): Promise<Backing> {
  const { url, keyPrefix: prefix, mostBytes, terms } = options
  // Whoever asks for a job is told.
  const redis = await connectRedis({ url, section: 'jobs', note: () => undefined })
  const connection = toConnection(bullmq, redis)
  return {
    records: new RedisRecords(redis.client, prefix, mostBytes),
    async ready() {
      if (!redis.client.isReady) throw away()
    },
    openQueue(source) {
      const queue = new bullmq.Queue(source, {
        connection,
        prefix: `${prefix}:queue`,
        streams: { events: { maxLen: mostEvents } },
        ...terms,
      })
      queue.on('error', () => undefined)
      return queue
    },
    openRelay: () =>
      new bullmq.Relay({
        connection,
        prefix: `${prefix}:relay`,
        blockTimeout: readForMs,
      }),
    holderOf: async (queue: JobQueue, id: string) =>
      (await redis.client.get(`${queue.toKey(id)}:lock`)) ?? undefined,
    async close() {
      redis.close()
    },
  }
}

/**
 * BullMQ would make one of these for each queue itself; one that outlives its queue throws an error that
 * nobody hears, in the middle of the client's attempts to connect again, and ends them.
 */
function toConnection(bullmq: Bullmq, { client }: RedisConnection) {
  const connection = bullmq.createNodeRedisClient(client)
  connection.on('error', () => undefined)
  return connection
}
