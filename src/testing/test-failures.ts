import { describe, expect, test } from 'vitest'
import type { Shops } from './shops.ts'
import { ask, type SuiteWords } from './source-suite.ts'

/** Statement, code, and what the hint must say. */
const mistakes: readonly (readonly [string, string, RegExp])[] = [
  ['SELECT * FROM ordres', 'unknown_table', /orders/],
  ['SELECT totl FROM orders', 'unknown_column', /total/],
  ['SELECT email FROM orders', 'unknown_column', /customers/],
  ['SELECT no_such_function(1)', 'unknown_function', /./],
  ['SELECT FROM FROM orders', 'syntax_error', /./],
]

export function testFailures(shops: Shops, words: SuiteWords): void {
  describe('what went wrong is told so that it can be put right', () => {
    test.each(mistakes)('%s', async (text, code, hint) => {
      const tested = await shops.shared()
      const failure = await ask(tested, text).catch((error: unknown) => error)
      expect(failure).toMatchObject({
        // A dialect that allows only known functions refuses one that it does not know.
        code: expect.stringMatching(
          code === 'unknown_function' ? /unknown_function|statement_refused/ : code,
        ) as unknown,
        hint: expect.stringMatching(hint) as unknown,
      })
    })

    test('a plan is told and nothing is run', async () => {
      const tested = await shops.shared()
      expect((await ask(tested, words.explain)).rows.length).toBeGreaterThan(0)
    })
  })
}
