import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { JobStore } from '../../dist/jobs/job-store.js'
import { hasPostgresServer, makePostgresServer } from '../support/own-server.ts'
import { Proxy } from '../support/proxy.ts'
import { hasRedis, hasRedisServer, makeRedis, ownKeys, redisUrl } from '../support/redis.ts'
import { claimOf, openBullmq, toRequest } from './requests.ts'

const patience = { timeout: 20_000, interval: 50 }
const away = { code: 'source_unavailable', retryAfterMs: 1000 }

/** Until one store has been told of a job that the other cancels. */
async function untilToldOfCancels(one: JobStore, other: JobStore): Promise<void> {
  const told: string[] = []
  onTestFinished(one.watchCancelled((id) => told.push(id)))
  await vi.waitFor(async () => {
    const request = toRequest()
    await other.submit(request, 1000)
    await claimOf(one)
    await other.cancel(request.id)
    await vi.waitFor(() => expect(told).toContain(request.id), { timeout: 300, interval: 10 })
  }, patience)
}

describe.skipIf(!hasRedisServer)('a Redis that goes away', () => {
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always']

  test('makes every method fail, soon and with a reason; then all goes on by itself, and nothing is lost', async () => {
    const redis = await makeRedis(...durable)
    const [one, other] = [await openBullmq(redis.url), await openBullmq(redis.url)]
    const [done, runs, waits] = [toRequest(), toRequest(), toRequest()]
    for (const request of [done, runs, waits]) await one.submit(request, 5)
    await one.complete(await claimOf(one), ['{"kept":1}'])
    const claim = await claimOf(one)
    await redis.stop()
    const tries = [
      () => one.submit(toRequest(), 5),
      () => one.claim('shop', 5),
      () => one.renew(claim),
      () => one.complete(claim, ['{}']),
      () => one.release(claim),
      () => one.find(runs.id),
      () => one.readPage(done.id, 0),
      () => one.cancel(waits.id),
      () => one.list({ most: 5 }),
      () => one.whenChanged(runs.id, 10, new AbortController().signal),
    ]
    for (const attempt of tries) await expect(attempt()).rejects.toMatchObject(away)
    await redis.start(...durable)
    expect(await vi.waitFor(() => one.renew(claim), patience)).toBe('go on')
    expect(await one.find(waits.id)).toMatchObject({ state: 'queued', position: 1 })
    expect(await vi.waitFor(() => other.readPage(done.id, 0), patience)).toBe('{"kept":1}')
    expect(await one.complete(claim, ['{}'])).toBe(true)
  }, 30_000)

  test('tells of cancelled jobs again once it is back', async () => {
    const redis = await makeRedis(...durable)
    const [one, other] = [await openBullmq(redis.url), await openBullmq(redis.url)]
    await redis.stop()
    await redis.start(...durable)
    await expect(untilToldOfCancels(one, other)).resolves.toBeUndefined()
  }, 30_000)

  test('is waited for no longer than its deadline when it does not answer', async () => {
    const redis = await makeRedis()
    const store = await openBullmq(redis.url)
    const request = toRequest()
    await store.submit(request, 5)
    redis.freeze()
    await expect(store.find(request.id)).rejects.toMatchObject(away)
    redis.thaw()
    expect(await vi.waitFor(() => store.find(request.id), patience)).toBeDefined()
  }, 30_000)

  test('is found again when the way to it went silent', async () => {
    const redis = await makeRedis()
    const proxy = await Proxy.before('127.0.0.1', redis.port)
    const store = await openBullmq(`redis://127.0.0.1:${proxy.port}`)
    const request = toRequest()
    await store.submit(request, 5)
    proxy.silence()
    await expect(store.find(request.id)).rejects.toMatchObject(away)
    expect(await vi.waitFor(() => store.find(request.id), patience)).toBeDefined()
  }, 30_000)

  test('is found when it comes up after the server', async () => {
    const redis = await makeRedis()
    await redis.stop()
    const store = await openBullmq(redis.url)
    await expect(store.claim('shop', 1)).rejects.toMatchObject(away)
    await redis.start()
    const request = toRequest()
    expect(await vi.waitFor(() => store.submit(request, 5), patience)).toBe(request.id)
    await claimOf(store)
  }, 30_000)
})

/** A process that claims a job and says so, and does nothing more. */
const holder = `
  const { createBullmqStore } = await import(process.env.STORE)
  const { URL: url, PREFIX: keyPrefix } = process.env
  const store = await createBullmqStore({ url, keyPrefix, mostBytes: 1e6, leaseMs: 1000 })
  const claim = await store.claim('shop', 1)
  setInterval(() => store.renew(claim), 300)
  process.stdout.write(claim.request.id)`

test.skipIf(!hasRedis)(
  'a process that is killed loses its job to another one, and its place with it',
  async () => {
    const keyPrefix = ownKeys()
    const store = await openBullmq(redisUrl, keyPrefix)
    const request = toRequest()
    await store.submit(request, 5)
    const file = pathToFileURL(resolve('dist/jobs/bullmq-store.js')).href
    const env = { ...process.env, STORE: file, URL: redisUrl, PREFIX: keyPrefix }
    const child = spawn(process.execPath, ['--input-type=module', '-e', holder], { env })
    onTestFinished(() => void child.kill('SIGKILL'))
    const [said] = (await once(child.stdout, 'data')) as [Buffer]
    expect(said.toString()).toBe(request.id)
    expect(await store.claim('shop', 1)).toBeUndefined()
    child.kill('SIGKILL')
    const second = await vi.waitFor(() => claimOf(store, 1), patience)
    expect(second).toMatchObject({ request, attempt: 2 })
    expect(await store.complete(second, ['{}'])).toBe(true)
  },
  30_000,
)

describe.skipIf(!hasPostgresServer)('a PostgreSQL that goes away', () => {
  test('makes every method fail, soon and with a reason; then all goes on by itself, and nothing is lost', async () => {
    const server = await makePostgresServer()
    server.start()
    const [one, other] = [await openBullmq(server.url), await openBullmq(server.url)]
    const [done, runs, waits] = [toRequest(), toRequest(), toRequest()]
    await vi.waitFor(() => one.submit(done, 5), patience)
    for (const request of [runs, waits]) await one.submit(request, 5)
    await one.complete(await claimOf(one), ['{"kept":1}'])
    const claim = await claimOf(one)
    await server.stop()
    const tries = [
      () => one.submit(toRequest(), 5),
      () => one.claim('shop', 5),
      () => one.renew(claim),
      () => one.complete(claim, ['{}']),
      () => one.find(runs.id),
      () => one.cancel(waits.id),
    ]
    for (const attempt of tries) await expect(attempt()).rejects.toMatchObject(away)
    server.start()
    expect(await vi.waitFor(() => one.renew(claim), patience)).toBe('go on')
    expect(await one.find(waits.id)).toMatchObject({ state: 'queued', position: 1 })
    expect(await other.readPage(done.id, 0)).toBe('{"kept":1}')
    expect(await one.complete(claim, ['{}'])).toBe(true)
    await other.cancel(waits.id)
    await expect(untilToldOfCancels(one, other)).resolves.toBeUndefined()
  }, 30_000)
})
