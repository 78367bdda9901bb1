import { describe, expect, test, vi } from 'vitest'
import { claimOf, type Places, submitAll } from './job-store-suite.ts'

const signal = new AbortController().signal
const patience = { timeout: 20_000, interval: 50 }

export function testResults(places: Places): void {
  testPages(places)
  testLooking(places)
}

function testPages(places: Places): void {
  describe('a result', () => {
    test('is read page by page, from any instance', async () => {
      const [one, other] = await places()
      const [id = ''] = await submitAll(one, [{}])
      expect(await other.readPage(id, 0)).toBeUndefined()
      const pages = ['{"rows":[["Çelik 山 😀"]]}', 'x'.repeat(300_000)]
      expect(await one.complete(await claimOf(one), pages)).toBe(true)
      expect(await other.find(id)).toMatchObject({ state: 'completed', attempt: 1, pages: 2 })
      expect([await other.readPage(id, 0), await other.readPage(id, 1)]).toEqual(pages)
      expect(await other.readPage(id, 2)).toBeUndefined()
    })

    test('is kept once, by the one who has the claim', async () => {
      const [one, other] = await places()
      const [id = ''] = await submitAll(one, [{}])
      const claim = await claimOf(one)
      expect(await one.complete(claim, ['"first"'])).toBe(true)
      expect(await one.complete(claim, ['"again"'])).toBe(false)
      expect(await other.readPage(id, 0)).toBe('"first"')
    })

    test('that is an error says which', async () => {
      const [one, other] = await places()
      const [id = ''] = await submitAll(one, [{}])
      const error = {
        code: 'timed_out',
        message: 'Too long.',
        hint: 'Ask.',
        retryable: false,
      } as const
      expect(await one.fail(await claimOf(one), error)).toBe(true)
      expect(await other.find(id)).toMatchObject({ state: 'failed', error })
      expect(await other.readPage(id, 0)).toBeUndefined()
    })

    test('goes when its time is over, and the job with it', async () => {
      const [one, other] = await places()
      const [id = ''] = await submitAll(one, [{ keepMs: 2000 }])
      await one.complete(await claimOf(one), ['{}'])
      expect(await other.readPage(id, 0)).toBe('{}')
      await vi.waitFor(async () => expect(await other.find(id)).toBeUndefined(), patience)
      expect(await other.readPage(id, 0)).toBeUndefined()
      expect(await other.list({ most: 10 })).toEqual([])
    })

    test('makes room for later ones, the oldest first', async () => {
      const [one, other] = await places({ mostBytes: 2500 })
      const ids = await submitAll(one, [{}, {}, {}])
      for (const _ of ids) await one.complete(await claimOf(one), ['x'.repeat(1000)])
      const kept = await Promise.all(ids.map((id) => other.readPage(id, 0)))
      expect(kept.map((page) => page?.length)).toEqual([undefined, 1000, 1000])
    })
  })
}

function testLooking(places: Places): void {
  describe('whoever looks', () => {
    test('finds the newest first, of all actors or of one', async () => {
      const [one, other] = await places()
      const [first, second, third] = await submitAll(one, [{}, { actorId: 'bob' }, {}])
      const idsOf = async (actorId?: string, most = 10): Promise<string[]> =>
        (await other.list({ ...(actorId !== undefined && { actorId }), most })).map(
          ({ request }) => request.id,
        )
      expect(await idsOf()).toEqual([third, second, first])
      expect(await idsOf('ada')).toEqual([third, first])
      expect(await idsOf('ada', 1)).toEqual([third])
      expect(await idsOf('eve')).toEqual([])
    })

    test('hears of the end that another instance brings', async () => {
      const [one, other] = await places()
      const [id = ''] = await submitAll(one, [{}])
      const claim = await claimOf(one)
      const heard = other.whenChanged(id, 25_000, signal)
      await one.complete(claim, ['{}'])
      await heard
      expect(await other.find(id)).toMatchObject({ state: 'completed' })
      await other.whenChanged(id, 25_000, signal)
    })

    test('waits no longer than told, nor when it gives up, nor for what is not there', async () => {
      const [one] = await places()
      const [id = ''] = await submitAll(one, [{}])
      await one.whenChanged(id, 10, signal)
      await one.whenChanged('00000000-0000-4000-8000-000000000000', 25_000, signal)
      await one.whenChanged(id, 25_000, AbortSignal.abort())
      const giveUp = new AbortController()
      const waiting = one.whenChanged(id, 25_000, giveUp.signal)
      giveUp.abort()
      await waiting
      expect(await one.find(id)).toMatchObject({ state: 'queued' })
    })

    test('sees the progress that was told last', async () => {
      const [one, other] = await places()
      const [id = ''] = await submitAll(one, [{}])
      const claim = await claimOf(one)
      await one.renew(claim, { share: 0.25, rows: 7 })
      await one.renew(claim)
      expect(await other.find(id)).toMatchObject({
        state: 'running',
        progress: { share: 0.25, rows: 7 },
      })
    })
  })
}
