import { describe, expect, test } from 'vitest'
import { openTestSource, outcome, run } from '../../support/open.ts'
import { hasPostgres, makePostgres } from '../../support/postgres.ts'

describe.runIf(hasPostgres)('a limit on what a plan may cost', () => {
  test('refuses a hopeless statement before it starts, with the step that makes it so', async () => {
    const database = await makePostgres(
      'CREATE TABLE orders AS SELECT i AS id, i % 100 AS customer FROM generate_series(1, 20000) i; CREATE INDEX ON orders(id); ANALYZE orders',
    )
    const served = await openTestSource('', { url: database.url(), limits: { cost: 100_000 } })
    expect(await outcome(served, 'SELECT customer FROM orders WHERE id = 7')).toEqual([[7]])
    expect(await outcome(served, 'SHOW server_encoding')).toEqual([['UTF8']])
    expect(await outcome(served, 'EXPLAIN SELECT * FROM orders a, orders b')).toEqual(
      expect.arrayContaining([[expect.stringMatching(/Nested Loop/)]]),
    )
    const hopeless = run(
      served,
      'SELECT count(*) FROM orders a, orders b WHERE a.customer > b.customer',
    )
    await expect(hopeless).rejects.toMatchObject({
      code: 'too_costly',
      message: expect.stringMatching(/100,000 is the most/),
      hint: expect.stringMatching(/Nested Loop|orders/),
    })
  })

  test('is a mistake of the config where the engine does not plan by cost', async () => {
    const served = openTestSource('none.db', { limits: { cost: 5 } })
    await expect(served).rejects.toMatchObject({ code: 'config_invalid' })
  })
})
