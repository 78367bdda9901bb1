import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Shops } from './shops.ts'
import { ask, outcome, type SuiteWords } from './source-suite.ts'

export function testEndings(shops: Shops, words: SuiteWords): void {
  describe('a statement ends', () => {
    test('at its time limit, while others are answered', async () => {
      const tested = await shops.shared()
      expect(await outcome(tested, 'SELECT 1')).toEqual([[1]])
      const endless = outcome(tested, words.endless, { limits: { timeoutMs: 800 } })
      expect(await outcome(tested, 'SELECT 2')).toEqual([[2]])
      expect(await endless).toBe('timed_out')
      expect(await outcome(tested, 'SELECT 3')).toEqual([[3]])
    })

    test('when its caller gives up, before or while it runs', async () => {
      const tested = await shops.shared()
      const cancel = new AbortController()
      const endless = outcome(tested, words.endless, { signal: cancel.signal })
      await pause(200)
      cancel.abort()
      expect(await endless).toBe('cancelled')
      expect(await outcome(tested, 'SELECT 1', { signal: AbortSignal.abort() })).toBe('cancelled')
      expect(await outcome(tested, 'SELECT 1')).toEqual([[1]])
    })

    test('in its turn where many come at once', async () => {
      const tested = await shops.shared()
      const many = Array.from({ length: 40 }, (_, index) => ask(tested, `SELECT ${index} AS i`))
      expect((await Promise.all(many)).map(({ rows }) => rows[0]?.[0])).toEqual(
        many.map((_, index) => index),
      )
    })

    test('and says before when it began', async () => {
      const tested = await shops.shared()
      const told: object[] = []
      await ask(tested, 'SELECT 1 AS i', { onProgress: (progress) => told.push(progress) })
      expect(told.length).toBeGreaterThan(0)
    })

    test('when the source is closed, and nothing is answered after', async () => {
      const tested = await shops.own()
      expect(await outcome(tested, 'SELECT 1')).toEqual([[1]])
      const endless = outcome(tested, words.endless)
      await pause(200)
      await tested.source.close()
      await tested.source.close()
      expect(await endless).toMatch(/^(worker_lost|source_unavailable|cancelled)$/)
      expect(await outcome(tested, 'SELECT 1')).toBe('source_unavailable')
    })
  })
}
