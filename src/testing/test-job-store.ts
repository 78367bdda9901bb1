import { describe } from 'vitest'
import { testClaims } from './test-job-claims.ts'
import { testResults } from './test-job-results.ts'
import { placesOf, type JobStoreSuite } from './job-store-suite.ts'

/**
 * The one suite every store of jobs passes; runs under vitest.
 *
 * @example testJobStore({ title: 'SQLite', makePlace })
 */
export function testJobStore(suite: JobStoreSuite): void {
  describe(`${suite.title} as a store of jobs`, () => {
    const places = placesOf(suite)
    testClaims(places)
    testResults(places)
  })
}
