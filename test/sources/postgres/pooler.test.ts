import { beforeAll, describe, expect, test, vi } from 'vitest'
import { noSignal } from '../../support/open.ts'
import {
  ask,
  asSuperuser,
  hasPostgres,
  makePostgres,
  openPostgres,
} from '../../support/postgres.ts'
import { hasPgbouncer, startPgbouncer } from '../../support/pgbouncer.ts'
import { shared } from '../../support/shared.ts'

const start = shared((_key: 'one', whenDone) => startPgbouncer(whenDone))
let pooler: string

const through = (url: string): string => url.replace(/@[^/]+\//, `@${pooler}/`)

describe.runIf(hasPostgres && hasPgbouncer)('behind pgbouncer in transaction mode', () => {
  beforeAll(async () => {
    pooler = await start('one')
  })

  test('statements of many callers share few sessions and see nothing of each other', async () => {
    const database = await makePostgres('CREATE TABLE t AS SELECT generate_series(1, 1000) AS i')
    const source = openPostgres(through(database.url()), 8)
    expect((await source.catalog(noSignal)).tables.map(({ name }) => name)).toEqual(['t'])
    const callers = Array.from({ length: 100 }, (_one, index) => `caller ${index}`)
    const seen = await Promise.all(
      callers.map(async (caller) => {
        const text = `SELECT current_setting('app.user'), count(*) FROM t, pg_sleep(0.002)`
        return (await ask(source, text, { identity: { 'app.user': caller } })).rows[0]
      }),
    )
    expect(seen).toEqual(callers.map((caller) => [caller, 1000]))
    const direct = openPostgres(database.url())
    expect(await direct.examine(noSignal)).not.toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('pooler') }),
    )
    expect(await source.examine(noSignal)).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('through a connection pooler') }),
    )
  })

  test('a prepared name and a setting of another client are left alone', async () => {
    const database = await makePostgres()
    const source = openPostgres(through(database.url()), 1)
    for (const text of ['PREPARE theirs AS SELECT 1', 'SELECT 1', 'SELECT 2'])
      await ask(source, text)
    const names = await ask(source, 'SELECT name FROM pg_prepared_statements')
    expect(names.rows).toEqual([['theirs']])
  })

  test('errors, caps, deadlines and cancels end as they do without it', async () => {
    const database = await makePostgres()
    const source = openPostgres(through(database.url()), 2)
    const codes = async (text: string, timeoutMs = 4500): Promise<unknown> =>
      ask(source, text, { limits: { timeoutMs, rows: 3 } }).then(
        ({ rows, caps }) => [rows.length, caps],
        ({ code }: { code: string }) => code,
      )
    expect(await codes('SELECT 1/0')).toBe('query_failed')
    expect(await codes('SELECT generate_series(1, 1000000)')).toEqual([3, ['rows']])
    expect(await codes('SELECT pg_sleep(9)', 200)).toBe('timed_out')
    const cancel = new AbortController()
    const call = ask(source, 'SELECT pg_sleep(30)', { signal: cancel.signal })
    const sleeping = async (): Promise<unknown> =>
      (
        await asSuperuser(
          `SELECT count(*)::int FROM pg_stat_activity WHERE datname = '${database.name}'
           AND state = 'active' AND query ~ 'pg_sleep\\(30'`,
        )
      )[0]?.[0]
    await vi.waitFor(async () => expect(await sleeping()).toBe(1), 5000)
    cancel.abort()
    await expect(call).rejects.toMatchObject({ code: 'cancelled' })
    await vi.waitFor(async () => expect(await sleeping()).toBe(0), 3000)
    expect(await codes('SELECT 1')).toEqual([1, []])
  })
})
