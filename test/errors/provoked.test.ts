import { expect, test } from 'vitest'
import { type ErrorCode, errorCatalogue } from '../../dist/base/error.js'
import { textOf } from '../support/titles.ts'

/** For each code a test in which it comes out of the product as it really arises. */
const provokedIn: Readonly<Record<ErrorCode, readonly [file: string, title: string]>> = {
  invalid_input: [
    'test/tools/deep-arguments.test.ts',
    'arguments that are nested without end are refused, and each call is on record',
  ],
  config_invalid: [
    'test/guard/missing-names.test.ts',
    'answers nothing, and tells a model no name',
  ],
  unknown_source: [
    'test/library/create-vitrine.test.ts',
    'what is closed to somebody is closed to their tools',
  ],
  unknown_tool: ['test/library/create-vitrine.test.ts', 'a program asks as a client does'],
  unknown_resource: [
    'test/resources/rows.test.ts',
    'a key that the column cannot hold names no row',
  ],
  unknown_prompt: [
    'test/errors/served.test.ts',
    'what %s does not find is a protocol error that says what to do',
  ],
  unknown_table: [
    'test/tools/get-schema.test.ts',
    'a table that is not there is an error that names the nearest',
  ],
  unknown_column: ['test/tools/hints.test.ts', '%s → %s with a hint'],
  unknown_function: ['test/tools/hints.test.ts', '%s → %s with a hint'],
  syntax_error: ['test/tools/hints.test.ts', '%s → %s with a hint'],
  statement_refused: ['test/library/create-vitrine.test.ts', 'a program asks as a client does'],
  not_found: [
    'test/apis/served.test.ts',
    'a 64-bit id, given in quotes as answers write it, is asked for to the last digit',
  ],
  not_open: [
    'test/library/create-vitrine.test.ts',
    'what is closed to somebody is closed to their tools',
  ],
  unauthenticated: ['test/errors/served.test.ts', 'who comes %s is told so, and what to do'],
  not_allowed: ['test/errors/served.test.ts', 'who comes %s is told so, and what to do'],
  request_too_large: ['test/errors/served.test.ts', 'a body that is too long is told so'],
  rate_limited: [
    'test/edge/limits/served.test.ts',
    'a client over stdio is told in the answer when to come back',
  ],
  too_costly: [
    'test/sources/postgres/cost.test.ts',
    'refuses a hopeless statement before it starts, with the step that makes it so',
  ],
  query_failed: ['test/tools/hints.test.ts', '%s → %s with a hint'],
  result_too_large: [
    'test/sources/values.test.ts',
    'a value of many megabytes is measured, cut and counted; a larger one is told of',
  ],
  memory_exceeded: [
    'test/sources/runaway.test.ts',
    'is stopped at its memory limit, and the memory comes back',
  ],
  timed_out: ['test/sources/runaway.test.ts', 'ends at its time limit while others are answered'],
  cancelled: [
    'test/sources/runaway.test.ts',
    'a cancelled call ends at once, and the next one is answered',
  ],
  too_busy: [
    'test/sources/runaway.test.ts',
    'more calls than workers wait their turn, and too many are told so',
  ],
  source_unavailable: [
    'test/errors.test.ts',
    'a client is told no path, neither of a file that is gone nor of the one beside it',
  ],
  tool_failed: [
    'test/errors/served.test.ts',
    'a fault in %s is %s: the client is told nothing of it, and the log its reason',
  ],
  worker_lost: [
    'test/sources/runaway.test.ts',
    'a worker killed in the middle is an error for its call alone',
  ],
  job_not_found: [
    'test/jobs/served.long.test.ts',
    'a job is its own: others find and end nothing, and cannot tell',
  ],
  not_confirmed: [
    'test/writing/confirm.test.ts',
    'where nobody can be asked it is refused, by a name of its own',
  ],
  change_too_large: [
    'test/writing/engines.test.ts',
    'a change of more rows than it may is undone whole',
  ],
  outcome_unknown: [
    'test/writing/interrupted.long.test.ts',
    'a commit whose answer is lost is told as one that nobody knows of, and not done again',
  ],
  schema_changed: [
    'test/errors/served.test.ts',
    'tables that never stop changing are told of, and the answer is one worth asking again',
  ],
  client_config: ['test/cli/connect-entries.long.test.ts', 'by %s is left alone'],
  audit_failed: ['test/writing/record.test.ts', 'comes first: what cannot be recorded is not done'],
  internal: [
    'test/errors/served.test.ts',
    'a fault in %s is %s: the client is told nothing of it, and the log its reason',
  ],
}

test('every code of the catalogue is provoked, in a test that names it', () => {
  expect(Object.keys(provokedIn)).toEqual(Object.keys(errorCatalogue))
  const missing = Object.entries(provokedIn).filter(
    ([code, [file, title]]) => !new RegExp(`\\b${code}\\b`).test(textOf(file, title)),
  )
  expect(missing).toEqual([])
})
