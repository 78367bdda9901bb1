import { describe } from 'vitest'
import { shopsOf } from './shops.ts'
import type { SourceSuite } from './source-suite.ts'
import { testCatalog } from './test-catalog.ts'
import { testEndings } from './test-endings.ts'
import { testFailures } from './test-failures.ts'
import { testRefusals } from './test-refusals.ts'
import { testValues } from './test-values.ts'
import { testVisibility } from './test-visibility.ts'

/**
 * The one suite every source passes, for authors of drivers; runs under vitest.
 *
 * @example testSource({ title: 'SQLite', words, open })
 */
export function testSource({ title, words, open }: SourceSuite): void {
  describe(`${title} as a source`, () => {
    const shops = shopsOf(open)
    testCatalog(shops)
    testValues(shops, words)
    testEndings(shops, words)
    testFailures(shops, words)
    testRefusals(shops, words)
    testVisibility(shops)
  })
}
