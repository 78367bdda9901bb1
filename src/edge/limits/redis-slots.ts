import { randomUUID } from 'node:crypto'
import type { RedisClient } from '../../base/redis.ts'
import { inTime } from './in-time.ts'
import type { Leave, Slots } from './store.ts'

export interface RedisSlotsOptions {
  readonly client: RedisClient
  readonly most: number
  readonly prefix: string
  /** Gives slots where Redis does not answer; no call is let in then where undefined. */
  readonly standIn: Slots | undefined
}

/** A slot is leased: one whose process has died is free again after this time. */
const leaseMs = 15_000
const renewalMs = 5000

/**
 * Slots for the calls of all processes: of each key a sorted set of leases, by the time they end, on
 * the clock of Redis.
 */
export class RedisSlots implements Slots {
  readonly most: number
  readonly #client: RedisClient
  readonly #prefix: string
  readonly #standIn: Slots | undefined

  constructor({ client, most, prefix, standIn }: RedisSlotsOptions) {
    this.most = most
    this.#client = client
    this.#prefix = prefix
    this.#standIn = standIn
  }

  async take(key: string): Promise<Leave | undefined> {
    const lease = { key: `${this.#prefix}:${key}`, id: randomUUID() }
    const leave = (): Promise<void> => this.#end(lease)
    try {
      if (!(await this.#run(takeScript, lease))) return undefined
    } catch (error) {
      // Redis may have heard it and have been late to say so.
      void leave()
      if (this.#standIn === undefined) throw error
      return this.#standIn.take(key)
    }
    const renewal = setInterval(
      () => void this.#run(renewScript, lease).catch(() => undefined),
      renewalMs,
    ).unref()
    return async () => {
      clearInterval(renewal)
      await leave()
    }
  }

  /** A lease that cannot be ended ends by itself. */
  async #end(lease: Lease): Promise<void> {
    await this.#run(endScript, lease).catch(() => undefined)
  }

  async #run(script: string, { key, id }: Lease): Promise<boolean> {
    const given = { keys: [key], arguments: [id, String(leaseMs), String(this.most)] }
    return (await inTime(this.#client.eval(script, given))) === 1
  }
}

interface Lease {
  readonly key: string
  readonly id: string
}

/** ARGV: the lease, how long it lasts, how many there may be. The key lasts as long as its last lease. */
const takeScript = `
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('zremrangebyscore', KEYS[1], '-inf', now)
if redis.call('zcard', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('zadd', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('pexpire', KEYS[1], ARGV[2])
return 1`

const renewScript = `
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('zadd', KEYS[1], 'XX', now + ARGV[2], ARGV[1])
redis.call('pexpire', KEYS[1], ARGV[2])
return 1`

const endScript = `return redis.call('zrem', KEYS[1], ARGV[1])`
