import { describe } from 'vitest'
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
export function testSource(suite: SourceSuite): void {
  describe(`${suite.title} as a source`, () => {
    testCatalog(suite)
    testValues(suite)
    testEndings(suite)
    testFailures(suite)
    testRefusals(suite)
    testVisibility(suite)
  })
}
