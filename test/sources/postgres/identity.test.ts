import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openTestSource } from '../../support/open.ts'
import { hasPostgres, makePostgres, makeRole } from '../../support/postgres.ts'
import { runStatement } from '../../../dist/tools/query/run-statement.js'
import { noSignal } from '../../support/open.ts'
import { scratchFolder } from '../../support/scratch.ts'
import { RawServer } from '../../support/serve.ts'

/** Orders that each see their own of, by a policy on `app.user`, for a role that policies bind. */
async function makeOrders(): Promise<string> {
  const role = await makeRole()
  const database = await makePostgres(`
    CREATE TABLE orders(id int, owner text);
    INSERT INTO orders VALUES (1, 'ana'), (2, 'ana'), (3, 'bo');
    ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON orders USING (owner = current_setting('app.user', true));
    GRANT SELECT ON orders TO ${role}`)
  return database.url(role)
}

describe.runIf(hasPostgres)('rows by who asks', () => {
  test('two callers see their own rows, in turns and at once, and one nobody knows sees none', async () => {
    const served = await openTestSource('', {
      url: await makeOrders(),
      identity: { 'app.user': 'sub' },
      limits: { concurrency: 2 },
    })
    const rowsOf = (
      claims: Readonly<Record<string, unknown>>,
      text = 'SELECT id FROM orders ORDER BY id',
    ): Promise<unknown> =>
      runStatement(
        served,
        { text, rows: 50 },
        { signal: noSignal, actor: { id: 'x', claims, tools: 'all', sources: 'all' } },
      ).then(
        ({ rows }) => rows.flat(),
        (error: { code: string }) => error.code,
      )
    const callers = Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? 'ana' : 'bo'))
    const seen = await Promise.all(callers.map((sub) => rowsOf({ sub })))
    expect(seen).toEqual(callers.map((sub) => (sub === 'ana' ? [1, 2] : [3])))
    expect(await rowsOf({ sub: "x' OR true --" })).toEqual([])
    const who = `SELECT current_setting('app.user')`
    expect(await rowsOf({ sub: 'ana' }, who)).toEqual(['ana'])
    expect(await rowsOf({ sub: 'ana' }, `SELECT current_setting('app.key', true)`)).toBe('not_open')
    expect(await rowsOf({})).toBe('not_allowed')
    expect(await rowsOf({ sub: '' })).toBe('not_allowed')
    expect(await rowsOf({ sub: ['ana'] })).toBe('not_allowed')
  })

  test('over stdio the config says who asks', async () => {
    const config = join(scratchFolder(), 'vitrine.yaml')
    const url = JSON.stringify(await makeOrders())
    writeFileSync(
      config,
      `claims: { sub: bo }\nsources:\n  shop:\n    url: ${url}\n    identity: { app.user: sub }\n`,
    )
    const server = new RawServer(config)
    await server.initialize()
    const answer = await server.query(1, 'SELECT id FROM orders')
    expect(answer['result']).toMatchObject({ structuredContent: { rows: [[3]] } })
  })
})

test('a kind of database that cannot tell rows apart does not pretend to', async () => {
  const served = openTestSource('none.db', { identity: { 'app.user': 'sub' } })
  await expect(served).rejects.toMatchObject({ code: 'config_invalid' })
})
