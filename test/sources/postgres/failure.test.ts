import { describe, expect, test } from 'vitest'
import { advice } from '../../../dist/sources/postgres/advice.js'
import type { AppError } from '../../../dist/base/error.js'
import { noSignal } from '../../support/open.ts'
import { ask, hasPostgres, makePostgres, makeRole, openPostgres } from '../../support/postgres.ts'

/** Statement, code, subject, and what message or hint say. */
type Failure = readonly [text: string, code: string, subject: string | undefined, says: RegExp]

const failures: readonly Failure[] = [
  ['SELECT * FROM nope', 'unknown_table', 'nope', /"nope" does not exist/],
  ['SELECT * FROM x.nope', 'unknown_table', 'nope', /x\.nope/],
  ['SELECT nme FROM t', 'unknown_column', 'nme', /Perhaps you meant .*name/],
  ['SELECT a.nope FROM t a', 'unknown_column', 'nope', /a\.nope/],
  ['SELECT "text" FROM t', 'unknown_column', 'text', /text/],
  ['SELECT ifnull(1, 2)', 'unknown_function', 'ifnull', /ifnull/],
  ['SELECT round(1.5::float8, 1)', 'query_failed', undefined, /::numeric/],
  ["SELECT date_trunc('month', '2024-01-01'::text)", 'query_failed', undefined, /::date/],
  ['SELECT lower(1)', 'query_failed', undefined, /::text/],
  ['SELECT now() - 5', 'query_failed', undefined, /interval '7 days'/],
  ["SELECT 1 = 'a'::text", 'query_failed', undefined, /cast one of them/],
  ["SELECT id LIKE '1%' FROM t", 'query_failed', undefined, /::text/],
  ["SELECT name -> 'a' FROM t", 'query_failed', undefined, /::jsonb/],
  ['SELECT 1 FRM x', 'syntax_error', undefined, /near "x"/],
  ['SELECT (1', 'syntax_error', undefined, /end of input/],
  ['SELECT * FROM t LIMIT 1, 2', 'syntax_error', undefined, /near "LIMIT 1, 2"/],
  ['SELECT id FROM t a, t b', 'query_failed', 'id', /ambiguous/],
  ['SELECT name, count(*) FROM t', 'query_failed', undefined, /GROUP BY/],
  ['SELECT 1/0', 'query_failed', undefined, /Division by zero/],
  ["SELECT 'abc'::int", 'query_failed', undefined, /"abc"/],
  ['SELECT $1::int', 'query_failed', undefined, /placeholders/],
  ['DELETE FROM t', 'statement_refused', undefined, /read-only/],
  ["SELECT pg_read_file('/etc/passwd')", 'not_open', 'pg_read_file', /permission denied/i],
  ['SELECT * FROM closed', 'not_open', 'closed', /permission denied/i],
  ['SELECT pg_cancel_backend(pg_backend_pid())', 'cancelled', undefined, /in the database/],
]

describe.runIf(hasPostgres)('failures of PostgreSQL', () => {
  test('become errors that say what to do better', async () => {
    const role = await makeRole()
    const database = await makePostgres(
      `CREATE TABLE t(id int, name text); CREATE TABLE closed(a int); GRANT SELECT ON t TO ${role}`,
    )
    const source = openPostgres(database.url(role), 1)
    await source.catalog(noSignal)
    for (const [text, code, subject, says] of failures) {
      const error = (await ask(source, text).catch((thrown: unknown) => thrown)) as AppError
      expect({ text, code: error.code, subject: error.subject }).toEqual({ text, code, subject })
      expect(`${error.message} ${error.hint}`).toMatch(says)
    }
  })

  test('a lock that somebody holds is told apart from a slow statement', async () => {
    const database = await makePostgres('CREATE TABLE t(id int)')
    const source = openPostgres(database.url(), 1)
    const holding = database.run('BEGIN; LOCK TABLE t; SELECT pg_sleep(1.2); COMMIT')
    await ask(source, 'SELECT pg_sleep(0.3)')
    await expect(
      ask(source, 'SELECT * FROM t', { limits: { timeoutMs: 400 } }),
    ).rejects.toMatchObject({
      code: expect.stringMatching(/^(too_busy|timed_out)$/),
    })
    await holding
    expect((await ask(source, 'SELECT * FROM t')).rows).toEqual([])
  })

  test('no function that PostgreSQL has is called missing', async () => {
    const database = await makePostgres()
    const names = Object.keys(advice.functions).map((name) => `'${name}'`)
    expect(
      await database.run(`SELECT DISTINCT proname FROM pg_proc WHERE proname IN (${names.join(', ')})
        AND proname NOT IN ('any_value')`),
    ).toEqual([])
    const common = advice.common.map((name) => `('${name}')`)
    expect(
      await database.run(`SELECT n FROM (VALUES ${common.join(', ')}) AS v(n)
        WHERE NOT EXISTS (SELECT FROM pg_proc WHERE proname = n)`),
    ).toEqual([['coalesce'], ['current_date'], ['greatest'], ['least'], ['nullif'], ['trim']])
  })
})
