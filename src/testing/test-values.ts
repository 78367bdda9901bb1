import { describe, expect, test } from 'vitest'
import { toAnswer } from '../results/answer.ts'
import type { Shops } from './shops.ts'
import { ask, type SuiteWords } from './source-suite.ts'

export function testValues(shops: Shops, words: SuiteWords): void {
  describe('values and caps', () => {
    test('nothing is lost: long integers, texts of any script, bytes, null', async () => {
      const tested = await shops.shared()
      const value = async (text: string): Promise<unknown> =>
        toAnswer(await ask(tested, text)).rows[0]?.[0]
      expect(await value('SELECT 9007199254740993')).toBe('9007199254740993')
      expect(await value('SELECT -42')).toBe(-42)
      expect(await value('SELECT name FROM customers WHERE id = 2')).toBe('Çelik 山 😀')
      expect(await value(words.bytes)).toEqual({ base64: 'AP8Q', bytes: 3 })
      expect(await value('SELECT email FROM customers WHERE id = 2')).toBeNull()
      expect(await value("SELECT '007'")).toBe('007')
      expect(await value('SELECT ordered_at FROM orders WHERE id = 1')).toBe('2026-01-05')
      expect(await value(words.decimal)).toBe('12345678901234567890.5')
    })

    test('two columns of one name are both there, and an empty result names its columns', async () => {
      const tested = await shops.shared()
      const twice = toAnswer(await ask(tested, 'SELECT 1 AS a, 2 AS a'))
      expect([twice.columns, twice.rows]).toEqual([['a', 'a'], [[1, 2]]])
      const none = toAnswer(await ask(tested, 'SELECT id, name FROM customers WHERE id = 99'))
      expect([none.columns, none.rows, none.truncated]).toEqual([['id', 'name'], [], false])
    })

    test('rows end at the limit, and exactly as many are not called truncated', async () => {
      const tested = await shops.shared()
      const cut = await ask(tested, words.rows(100_000), { limits: { rows: 7 } })
      expect([cut.rows.length, cut.caps]).toEqual([7, ['rows']])
      const whole = await ask(tested, words.rows(7), { limits: { rows: 7 } })
      expect([whole.rows.length, whole.caps]).toEqual([7, []])
    })

    test('a long cell is cut and tells its length; an answer ends when it is full', async () => {
      const tested = await shops.shared()
      const cut = await ask(tested, words.text(10_000), { limits: { cellBytes: 100 } })
      expect(cut.rows[0]?.[0]).toMatchObject({ bytes: 10_000 })
      expect(cut.caps).toEqual(['cell'])
      const full = await ask(tested, words.rows(100_000), { limits: { answerBytes: 1000 } })
      expect(full.caps).toEqual(['bytes'])
      expect(full.rows.length).toBeGreaterThan(10)
    })

    test('one huge value is an error or cut, and the next question is answered', async () => {
      const tested = await shops.shared()
      const huge = await ask(tested, words.text(50_000_000)).then(
        ({ caps }) => caps.join(),
        (error: { code: string }) => error.code,
      )
      expect(huge).toMatch(/^(cell|result_too_large|memory_exceeded|query_failed)$/)
      expect((await ask(tested, 'SELECT 1')).rows).toEqual([[1]])
    })
  })
}
