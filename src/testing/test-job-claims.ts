import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { claimOf, type Places, submitAll, toRequest } from './job-store-suite.ts'

/** A lease that is lost while a test waits, and how long that may take. */
const short = { leaseMs: 1000 }
const patience = { timeout: 20_000, interval: 50 }

export function testClaims(places: Places): void {
  testSubmitting(places)
  testClaiming(places)
  testLosses(places)
  testCancelling(places)
}

function testSubmitting(places: Places): void {
  describe('submitting', () => {
    test('a job waits, whole and with its position, and is seen from another instance', async () => {
      const [one, other] = await places()
      const requests = [
        toRequest(),
        toRequest({ actorId: 'bob' }),
        toRequest({ source: 'archive' }),
      ]
      for (const request of requests) await one.submit(request, 5)
      const [first, second, third] = await Promise.all(requests.map(({ id }) => other.find(id)))
      expect(first).toMatchObject({ request: requests[0], state: 'queued', attempt: 0 })
      expect([first, second, third].map((job) => job?.position)).toEqual([1, 2, 1])
      expect(await other.find(toRequest().id)).toBeUndefined()
    })

    test('the same question is the same job until it has ended', async () => {
      const [one, other] = await places()
      const [first, again, later] = [1, 2, 3].map(() => toRequest({ key: 'same' }))
      if (first === undefined || again === undefined || later === undefined) throw new Error()
      expect(await one.submit(first, 5)).toBe(first.id)
      expect(await other.submit(again, 5)).toBe(first.id)
      const claim = await claimOf(other)
      expect(await one.submit(again, 5)).toBe(first.id)
      expect(await other.complete(claim, ['{}'])).toBe(true)
      expect(await one.submit(later, 5)).toBe(later.id)
    })

    test('of one actor only so many are unfinished; those of others and ended ones do not count', async () => {
      const [one, other] = await places()
      const [first, second] = [toRequest(), toRequest()]
      await one.submit(first, 2)
      await other.submit(second, 2)
      const third = toRequest()
      expect(await one.submit(third, 2)).toBeUndefined()
      expect(await one.find(third.id)).toBeUndefined()
      const stranger = toRequest({ actorId: 'bob' })
      expect(await one.submit(stranger, 2)).toBe(stranger.id)
      await one.cancel(first.id)
      expect(await one.submit(third, 2)).toBe(third.id)
    })
  })
}

function testClaiming(places: Places): void {
  describe('claiming', () => {
    test('takes the oldest of the source, whole, and nothing where none waits', async () => {
      const [one, other] = await places()
      expect(await one.claim('shop', 5)).toBeUndefined()
      const request = toRequest()
      await one.submit(request, 5)
      await submitAll(one, [{ source: 'archive' }, {}])
      expect(await other.claim('shop', 5)).toMatchObject({ request, attempt: 1 })
      expect(await one.find(request.id)).toMatchObject({ state: 'running', attempt: 1 })
      await claimOf(one)
      expect(await other.claim('shop', 5)).toBeUndefined()
    })

    test('never has more of a source running than told, whatever instance runs them', async () => {
      const [one, other] = await places()
      await submitAll(one, [{}, {}, {}, { source: 'archive' }])
      const first = await claimOf(one, 'shop', 2)
      await claimOf(other, 'shop', 2)
      expect(await one.claim('shop', 2)).toBeUndefined()
      expect(await one.claim('archive', 2)).toBeDefined()
      await one.complete(first, ['{}'])
      expect(await other.claim('shop', 2)).toBeDefined()
    })

    test('gives each of many jobs to one, however many ask at once', async () => {
      const stores = await places()
      const ids = await submitAll(
        stores[0],
        Array.from({ length: 20 }, () => ({})),
      )
      const asked = ids.flatMap(() => stores.map((store) => store.claim('shop', 100)))
      const claimed = (await Promise.all(asked)).flatMap((claim) => claim?.request.id ?? [])
      expect(claimed.toSorted()).toEqual(ids.toSorted())
    })

    test('a job that was given back is the next, as if it had not been begun', async () => {
      const [one, other] = await places()
      const [first] = await submitAll(one, [{}, {}])
      const claim = await claimOf(one)
      await one.release(claim)
      expect(await one.complete(claim, ['{}'])).toBe(false)
      expect(await one.find(claim.request.id)).toMatchObject({ state: 'queued' })
      expect(await other.claim('shop', 1)).toMatchObject({ request: { id: first }, attempt: 1 })
    })
  })
}

function testLosses(places: Places): void {
  describe('a process that is lost', () => {
    test('keeps its job as long as it renews its claim', async () => {
      const [one, other] = await places(short)
      await submitAll(one, [{}])
      const claim = await claimOf(one)
      const until = performance.now() + 2.5 * one.leaseMs
      while (performance.now() < until) {
        expect(await one.renew(claim)).toBe('go on')
        expect(await other.claim('shop', 5)).toBeUndefined()
        await pause(one.leaseMs / 10)
      }
      expect(await one.complete(claim, ['{}'])).toBe(true)
    })

    test('loses it to a second attempt, and its late result is refused', async () => {
      const [one, other] = await places(short)
      const [id = ''] = await submitAll(one, [{}])
      const late = await claimOf(one)
      const second = await vi.waitFor(() => claimOf(other), patience)
      expect(second).toMatchObject({ request: { id }, attempt: 2 })
      expect(await one.renew(late)).toBe('lost')
      expect(await one.complete(late, ['"late"'])).toBe(false)
      expect(
        await one.fail(late, { code: 'internal', message: '', hint: '', retryable: false }),
      ).toBe(false)
      await one.release(late)
      expect(await other.renew(second)).toBe('go on')
      expect(await other.complete(second, ['"second"'])).toBe(true)
      expect(await one.complete(late, ['"late"'])).toBe(false)
      expect(await one.readPage(id, 0)).toBe('"second"')
    })

    test('and a second one make it fail', async () => {
      const [one, other] = await places(short)
      const [id = ''] = await submitAll(one, [{}])
      await claimOf(one)
      const second = await vi.waitFor(() => claimOf(other), patience)
      await vi.waitFor(async () => {
        expect(await one.claim('shop', 5)).toBeUndefined()
        expect(await one.find(id)).toMatchObject({
          state: 'failed',
          error: { code: 'worker_lost' },
        })
      }, patience)
      expect(await other.complete(second, ['{}'])).toBe(false)
    })
  })
}

function testCancelling(places: Places): void {
  describe('cancelling', () => {
    test('a job that waits is never begun', async () => {
      const [one, other] = await places()
      const [id = ''] = await submitAll(one, [{}])
      await other.cancel(id)
      expect(await one.claim('shop', 5)).toBeUndefined()
      expect(await one.find(id)).toMatchObject({ state: 'cancelled' })
    })

    test('a job that runs elsewhere is told there, and its result is refused', async () => {
      const [one, other] = await places()
      const [id = ''] = await submitAll(one, [{}])
      const claim = await claimOf(one)
      const told = new Promise<string>((resolve) => {
        const end = one.watchCancelled((which) => {
          end()
          resolve(which)
        })
      })
      expect(await one.renew(claim)).toBe('go on')
      await other.cancel(id)
      expect(await told).toBe(id)
      expect(await one.renew(claim)).toBe('cancelled')
      expect(await one.complete(claim, ['{}'])).toBe(false)
      expect(await other.find(id)).toMatchObject({ state: 'cancelled' })
    })

    test('does nothing to a job that has ended, nor where there is none', async () => {
      const [one, other] = await places()
      const [id = ''] = await submitAll(one, [{}])
      await one.complete(await claimOf(one), ['{}'])
      await other.cancel(id)
      await other.cancel(toRequest().id)
      expect(await one.find(id)).toMatchObject({ state: 'completed' })
    })
  })
}
