import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from '@redis/client'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createBullmqStore } from '../../dist/jobs/bullmq-store.js'
import { testJobStore } from '../../dist/testing/index.js'
import { hasRedis, ownKeys, redisUrl } from '../support/redis.ts'
import { claimOf, openBullmq, runOnce, toRequest } from './requests.ts'

describe.skipIf(!hasRedis)('on Redis', () => {
  testJobStore({
    title: 'Redis',
    async makePlace(options, whenDone) {
      const keyPrefix = ownKeys()
      return async () => {
        const store = await createBullmqStore({ ...options, keyPrefix, url: redisUrl })
        whenDone(() => store.close())
        return store
      }
    },
  })

  test('what is kept beside the queues ends by itself', async () => {
    const prefix = ownKeys()
    const store = await openBullmq(redisUrl, prefix)
    for (const request of [toRequest(), toRequest(), toRequest()]) await store.submit(request, 5)
    await store.complete(await claimOf(store), ['{}'])
    const [cancelled] = await store.list({ most: 1 })
    await store.cancel(cancelled?.request.id ?? '')
    const client = await createClient({ url: redisUrl }).connect()
    onTestFinished(() => client.destroy())
    const keys = await client.keys(`${prefix}:*`)
    const beside = keys.filter((key) => !key.startsWith(`${prefix}:queue:`))
    expect(beside.length).toBeGreaterThan(5)
    for (const key of beside)
      expect({ key, ttl: await client.ttl(key) }).not.toMatchObject({ ttl: -1 })
  })

  test('a job that is cancelled while it is claimed or completed ends in one way, for everybody', async () => {
    const prefix = ownKeys()
    const [one, other] = [await openBullmq(redisUrl, prefix), await openBullmq(redisUrl, prefix)]
    for (let round = 0; round < 15; round += 1) {
      const request = toRequest()
      await one.submit(request, 5)
      const cancelled = pause(round).then(() => other.cancel(request.id))
      const [isKept] = await Promise.all([runOnce(one), cancelled])
      const found = await other.find(request.id)
      expect(found?.state).toBe(isKept ? 'completed' : 'cancelled')
      expect(await other.readPage(request.id, 0)).toBe(isKept ? '{}' : undefined)
    }
  })

  test('a process that ended leaves no place taken of those an actor has', async () => {
    const prefix = ownKeys()
    const [one, other] = [await openBullmq(redisUrl, prefix), await openBullmq(redisUrl, prefix)]
    const first = toRequest()
    await one.submit(first, 1)
    await one.complete(await claimOf(one), ['{}'])
    const client = await createClient({ url: redisUrl }).connect()
    onTestFinished(() => client.destroy())
    // What a process leaves behind that ends before it has said that its job did.
    await client.zAdd(`${prefix}:unfinished:ada`, { score: 1, value: first.id })
    const second = toRequest()
    expect(await other.submit(second, 1)).toBe(second.id)
    expect(await other.submit(toRequest(), 1)).toBeUndefined()
  })
})

test('a URL that cannot be used is a mistake in the config, and is not shown', async () => {
  for (const url of ['redis://user:%zz@127.0.0.1:1', 'http://user:zz@127.0.0.1']) {
    const refusal = await openBullmq(url).catch((error: unknown) => error as Error)
    expect(refusal).toMatchObject({ code: 'config_invalid' })
    expect(JSON.stringify(refusal)).not.toContain('zz')
  }
})
