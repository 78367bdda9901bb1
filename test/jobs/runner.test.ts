import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createBullmqStore } from '../../dist/jobs/bullmq-store.js'
import { type EndedJob, JobRunner } from '../../dist/jobs/runner.js'
import { hasRedisServer, makeRedis } from '../support/redis.ts'
import { toRequest } from './requests.ts'

const durable = ['--appendonly', 'yes', '--appendfsync', 'always']
const ignore = (_text: string): void => undefined
const patience = { timeout: 20_000, interval: 50 }

test.skipIf(!hasRedisServer)(
  'a result that is there while the store is away is kept once it is back, and computed once',
  async () => {
    const redis = await makeRedis(...durable)
    const options = { url: redis.url, keyPrefix: 'vitrine', mostBytes: 1e6, leaseMs: 60_000 }
    const store = await createBullmqStore(options)
    const request = toRequest()
    const ended: EndedJob[] = []
    let runs = 0
    let answer = ignore
    await store.submit(request, 5)
    const runner = new JobRunner({
      store,
      sources: new Map([['shop', { most: 1, limitMs: 60_000, pageBytes: 1000 }]]),
      run: () => {
        runs += 1
        return new Promise((resolve) => (answer = resolve))
      },
      onEnded: async (job) => void ended.push(job),
      onError: () => undefined,
    })
    onTestFinished(async () => {
      await runner.close()
      await store.close()
    })
    await vi.waitFor(() => expect(runs).toBe(1), patience)
    await redis.stop()
    answer('{"rows":[[1]]}')
    // Longer than one attempt to keep it waits.
    await pause(3000)
    await redis.start(...durable)
    const found = await vi.waitFor(async () => {
      const job = await store.find(request.id)
      expect(job).toMatchObject({ state: 'completed', attempt: 1 })
      return job
    }, patience)
    expect(await store.readPage(found?.request.id ?? '', 0)).toBe('{"rows":[[1]]}')
    await vi.waitFor(() => expect(ended).toMatchObject([{ attempt: 1 }]), patience)
    expect(runs).toBe(1)
  },
  60_000,
)
