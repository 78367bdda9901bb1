import { createClient } from '@redis/client'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { hasRedis, hasRedisServer, makeRedis, ownKeys, redisUrl } from '../../support/redis.ts'
import { Proxy } from '../../support/proxy.ts'
import { answerOf, callOf, held, letIn, makeLimits, one, refusalOf } from './calls.ts'

const rate = { calls: 3, seconds: 3600 }

describe.skipIf(!hasRedis)('two processes that share a Redis', () => {
  test('count together', async () => {
    const options = { perActor: rate, store: redisUrl, keyPrefix: ownKeys() }
    const [here, there] = [makeLimits(options), makeLimits(options)]
    const counts = await Promise.all([letIn(here, 5), letIn(there, 5)])
    expect(counts[0] + counts[1]).toBe(3)
    const { retryAfterMs } = await refusalOf(there)
    expect(retryAfterMs).toBeGreaterThan(3_500_000)
    expect(retryAfterMs).toBeLessThanOrEqual(3_600_000)
  })

  test('share the slots for calls under way', async () => {
    const options = { concurrent: 1, store: redisUrl, keyPrefix: ownKeys() }
    const [here, there] = [makeLimits(options), makeLimits(options)]
    const { next, entered, end } = held()
    const first = here.gate(callOf('ana'), next)
    await entered
    await expect(there.gate(callOf('ana'), one)).rejects.toMatchObject({
      message: 'The limit of calls under way at once is used up: 1.',
    })
    end()
    await first
    await expect(there.gate(callOf('ana'), one)).resolves.toBeDefined()
  })

  test('share the budget of a day', async () => {
    const options = { dailyRows: 100, store: redisUrl, keyPrefix: ownKeys() }
    const [here, there] = [makeLimits(options), makeLimits(options)]
    await here.gate(callOf('ana'), answerOf(100))
    await expect(there.gate(callOf('ana'), one)).rejects.toMatchObject({
      message: 'The limit of rows is used up: 100 per day.',
    })
  })

  test('leave no key that does not end by itself', async () => {
    const keyPrefix = ownKeys()
    const limits = makeLimits({
      perActor: rate,
      perTool: { query_database: rate },
      concurrent: 1,
      dailyRows: 5,
      dailyBytes: 5000,
      store: redisUrl,
      keyPrefix,
    })
    const { next, end } = held()
    const call = limits.gate(callOf('ana'), next)
    const client = await createClient({ url: redisUrl }).connect()
    onTestFinished(() => client.destroy())
    const lasting = async (): Promise<number[]> => {
      const keys = await client.keys(`${keyPrefix}:*`)
      return Promise.all(keys.map((key) => client.pTTL(key)))
    }
    // Calls, calls of the tool, slots; rows and bytes once there are some.
    await vi.waitFor(async () => expect(await lasting()).toHaveLength(3))
    const whileUnderWay = await lasting()
    end()
    await call
    const after = await lasting()
    expect(after).toHaveLength(4)
    for (const ttl of [...whileUnderWay, ...after]) expect(ttl).toBeGreaterThan(0)
  })

  test('find the slot of a process that died free again', async () => {
    const keyPrefix = ownKeys()
    const client = await createClient({ url: redisUrl }).connect()
    onTestFinished(() => client.destroy())
    // What a process leaves behind: a lease that has ended, in a key that has not.
    await client.zAdd(`${keyPrefix}:slots:ana`, { score: Date.now() - 1, value: 'dead' })
    const limits = makeLimits({ concurrent: 1, store: redisUrl, keyPrefix })
    await expect(limits.gate(callOf('ana'), one)).resolves.toBeDefined()
  })
})

test.skipIf(!hasRedis)(
  'a call that takes long keeps its slot',
  async () => {
    const keyPrefix = ownKeys()
    const limits = makeLimits({ concurrent: 1, store: redisUrl, keyPrefix })
    const { next, entered, end } = held()
    const call = limits.gate(callOf('ana'), next)
    await entered
    const client = await createClient({ url: redisUrl }).connect()
    onTestFinished(() => client.destroy())
    const lease = async (): Promise<number> => {
      const [found] = await client.zRangeWithScores(`${keyPrefix}:slots:ana`, 0, -1)
      return found?.score ?? 0
    }
    const first = await lease()
    await vi.waitFor(async () => expect(await lease()).toBeGreaterThan(first), 10_000)
    end()
    await call
    expect(await lease()).toBe(0)
  },
  20_000,
)

test('a URL that the store cannot be reached by is a mistake in the config, and is not shown', async () => {
  const limits = makeLimits({ perActor: rate, store: 'redis://user:%zz@127.0.0.1:1' })
  const refusal = await refusalOf(limits)
  expect(refusal).toMatchObject({ code: 'config_invalid' })
  expect(refusal.message + refusal.hint).not.toContain('zz')
})

describe.skipIf(!hasRedisServer)('a Redis that goes away', () => {
  test('closes the server to calls, soon and with a reason, until it is back', async () => {
    const redis = await makeRedis()
    const notes: string[] = []
    const limits = makeLimits({
      perActor: { calls: 1000, seconds: 60 },
      concurrent: 5,
      store: redis.url,
      note: (text) => notes.push(text),
    })
    await limits.gate(callOf('ana'), one)
    await redis.stop()
    await expect(limits.gate(callOf('ana'), one)).rejects.toMatchObject({
      code: 'rate_limited',
      message: 'Calls cannot be counted at the moment, so none is let in.',
      retryAfterMs: 1000,
    })
    await redis.start()
    await vi.waitFor(() => limits.gate(callOf('ana'), one), 10_000)
    expect(notes).toEqual([
      expect.stringMatching(/^The store of the limits does not answer \(.+\)\.$/),
      'The store of the limits answers again.',
    ])
  }, 20_000)

  test('leaves each process to count for itself, where calls are to go on', async () => {
    const redis = await makeRedis()
    const options = {
      perActor: rate,
      concurrent: 5,
      dailyRows: 1000,
      store: redis.url,
      whenStoreFails: 'open',
    } as const
    const [here, there] = [makeLimits(options), makeLimits(options)]
    await Promise.all([letIn(here, 1), letIn(there, 1)])
    await redis.stop()
    expect(await letIn(here, 10)).toBe(3)
    expect(await letIn(there, 10)).toBe(3)
  }, 20_000)

  test('is waited for no longer than its deadline when it does not answer', async () => {
    const redis = await makeRedis()
    const limits = makeLimits({ perActor: { calls: 1000, seconds: 60 }, store: redis.url })
    await limits.gate(callOf('ana'), one)
    redis.freeze()
    await expect(limits.gate(callOf('ana'), one)).rejects.toMatchObject({ code: 'rate_limited' })
    redis.thaw()
    await vi.waitFor(() => limits.gate(callOf('ana'), one), 10_000)
  }, 20_000)

  test('that wants a password is said to, and is used once it wants none', async () => {
    const redis = await makeRedis('--requirepass', 'other')
    const notes: string[] = []
    const note = (text: string): unknown => notes.push(text)
    const limits = makeLimits({ perActor: rate, store: redis.url, note })
    await expect(limits.gate(callOf('ana'), one)).rejects.toMatchObject({ code: 'rate_limited' })
    expect(notes).toEqual([expect.stringMatching(/NOAUTH/)])
    await redis.stop()
    await redis.start()
    await vi.waitFor(() => limits.gate(callOf('ana'), one), 10_000)
  }, 20_000)

  test('is found again when the way to it went silent', async () => {
    const redis = await makeRedis()
    const proxy = await Proxy.before('127.0.0.1', redis.port)
    const store = `redis://127.0.0.1:${proxy.port}`
    const limits = makeLimits({ perActor: { calls: 1000, seconds: 60 }, store })
    await limits.gate(callOf('ana'), one)
    proxy.silence()
    await expect(limits.gate(callOf('ana'), one)).rejects.toMatchObject({ code: 'rate_limited' })
    await vi.waitFor(() => limits.gate(callOf('ana'), one), 15_000)
  }, 20_000)

  test('is found when it comes up after the server', async () => {
    const redis = await makeRedis()
    await redis.stop()
    const limits = makeLimits({ perActor: rate, store: redis.url })
    await expect(limits.gate(callOf('ana'), one)).rejects.toMatchObject({ code: 'rate_limited' })
    await redis.start()
    await vi.waitFor(() => limits.gate(callOf('ana'), one), 10_000)
  }, 20_000)

  test('takes a call that is under way nothing away, and its answer is given', async () => {
    const redis = await makeRedis()
    const limits = makeLimits({ concurrent: 1, dailyRows: 10, store: redis.url })
    const { next, entered, end } = held()
    const call = limits.gate(callOf('ana'), next)
    await entered
    await redis.stop()
    end()
    await expect(call).resolves.toMatchObject({ text: '{}' })
  }, 20_000)
})
