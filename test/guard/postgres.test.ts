import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openTestSource, outcome, run } from '../support/open.ts'
import { hasPostgres, makePostgres, type TestDatabase } from '../support/postgres.ts'
import { stateOf } from '../support/postgres-state.ts'
import { analystSql, analysed } from '../statements/postgres-analyst.ts'
import { honest } from '../statements/postgres-honest.ts'
import { hostile } from '../statements/postgres.ts'
import { trapSql } from '../statements/postgres-traps.ts'

const makeTraps = (): Promise<TestDatabase> => makePostgres(trapSql.join(';\n'))

describe.runIf(hasPostgres)('statements for PostgreSQL, asked as a superuser', () => {
  test('every hostile one is refused and leaves no trace', async () => {
    const database = await makeTraps()
    const served = await openTestSource('', { url: database.url() })
    const before = await stateOf(database)
    for (const text of hostile) {
      const result = await outcome(served, text)
      expect({ text, result }).toEqual({ text, result: expect.stringMatching(/^[a-z_]+$/) })
    }
    expect(await stateOf(database)).toBe(before)
  }, 30_000)

  test('every honest one is answered', async () => {
    const served = await openTestSource('', { url: (await makeTraps()).url() })
    for (const text of honest) {
      const result = await run(served, text).then(
        () => 'answered',
        (error: Error) => error.message,
      )
      expect({ text, result }).toEqual({ text, result: 'answered' })
    }
  }, 30_000)

  test('what analysts ask is answered', async () => {
    const served = await openTestSource('', { url: (await makePostgres(analystSql)).url() })
    for (const text of analysed) {
      const result = await run(served, text).then(
        () => 'answered',
        (error: Error) => error.message,
      )
      expect({ text, result }).toEqual({ text, result: 'answered' })
    }
  }, 30_000)

  test('nothing is answered where an ordinary value may set off code of somebody', async () => {
    const acts = `CREATE FUNCTION acts(int) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'acted'; END $$;
      CREATE CAST (int AS text) WITH FUNCTION acts(int) AS IMPLICIT`
    const served = await openTestSource('', { url: (await makePostgres(acts)).url() })
    expect(await outcome(served, 'SELECT upper(1)')).toBe('statement_refused')
    const plain = `CREATE FUNCTION pg_catalog.text(int) RETURNS text LANGUAGE sql AS 'SELECT textin(int4out($1))';
      CREATE CAST (int AS text) WITH FUNCTION pg_catalog.text(int) AS IMPLICIT`
    const other = await openTestSource('', { url: (await makePostgres(plain)).url() })
    expect(await outcome(other, 'SELECT upper(1), 2::text')).toEqual([['1', '2']])
  })

  test('whatever is made of their words changes nothing, and the next question is answered', async () => {
    const database = await makeTraps()
    const served = await openTestSource('', { url: database.url() })
    const before = await stateOf(database)
    const words = [...hostile, ...honest].flatMap((text) => text.split(/(?<=\s)|(?=[;(),'"])/))
    const soup = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(soup, async (parts) => {
        expect(await outcome(served, parts.join(' '))).not.toBe('internal')
      }),
      { numRuns: 500 },
    )
    expect(await stateOf(database)).toBe(before)
    expect(await outcome(served, 'SELECT count(*) FROM orders')).toEqual([[3]])
  }, 30_000)
})
