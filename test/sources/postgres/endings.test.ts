import { describe, expect, test, vi } from 'vitest'
import {
  ask,
  asSuperuser,
  hasPostgres,
  makePostgres,
  openPostgres,
} from '../../support/postgres.ts'
import { pause } from '../../support/workers.ts'

const endless = 'SELECT count(*) FROM generate_series(1, 1e9::bigint) a, generate_series(1, 1000) b'

/** What runs on a database, whoever asked. */
const activeOn = async (name: string, word = ''): Promise<number> =>
  Number(
    (
      await asSuperuser(
        `SELECT count(*)::int FROM pg_stat_activity
         WHERE datname = '${name}' AND state = 'active' AND query LIKE '%${word}%'`,
      )
    )[0]?.[0],
  )

describe.runIf(hasPostgres)('how a call on PostgreSQL ends', () => {
  test('at its deadline, and the connection serves the next one', async () => {
    const source = openPostgres((await makePostgres()).url(), 1)
    const start = performance.now()
    await expect(
      ask(source, endless.replace('1e9', '1e7'), { limits: { timeoutMs: 300 } }),
    ).rejects.toMatchObject({ code: 'timed_out' })
    expect(performance.now() - start).toBeLessThan(1500)
    expect((await ask(source, 'SELECT 1')).rows).toEqual([[1]])
  })

  test('a cancelled call answers at once and is gone from the server', async () => {
    const database = await makePostgres()
    const source = openPostgres(database.url(), 1)
    for (const text of [endless, 'SELECT pg_sleep(30)']) {
      const cancel = new AbortController()
      const call = ask(source, text, { signal: cancel.signal })
      await vi.waitFor(async () => expect(await activeOn(database.name)).toBe(1), 5000)
      const answer = call.catch(({ code }: { code: string }) => code)
      const start = performance.now()
      cancel.abort()
      // It is there before anything can have come from the server.
      expect(await Promise.race([answer, pause(0)])).toBe('cancelled')
      await vi.waitFor(async () => expect(await activeOn(database.name)).toBe(0), {
        timeout: 5000,
        interval: 5,
      })
      const gone = performance.now() - start
      if (process.env['VITRINE_FIGURES']) process.stdout.write(`gone after ${gone.toFixed(0)} ms\n`)
    }
    expect((await ask(source, 'SELECT 2')).rows).toEqual([[2]])
  })

  test('cancelled before it began, or while it waits for a connection', async () => {
    const source = openPostgres((await makePostgres()).url(), 1)
    await expect(ask(source, 'SELECT 1', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    })
    const first = ask(source, 'SELECT pg_sleep(0.4)')
    const cancel = new AbortController()
    const second = ask(source, 'SELECT 1', { signal: cancel.signal })
    await pause(20)
    cancel.abort()
    await expect(second).rejects.toMatchObject({ code: 'cancelled' })
    await first
    expect((await ask(source, 'SELECT 3')).rows).toEqual([[3]])
  })

  test('more calls than connections wait their turn, and too many are told so', async () => {
    const source = openPostgres((await makePostgres()).url(), 1)
    const calls = Array.from({ length: 40 }, () =>
      ask(source, 'SELECT pg_sleep(0.3)', { limits: { timeoutMs: 500 } }).then(
        () => 'done',
        ({ code }: { code: string }) => code,
      ),
    )
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['done', 'timed_out', 'too_busy']))
    expect((await ask(source, 'SELECT 1')).rows).toEqual([[1]])
  })

  test('what obeys no cancel counts among the connections until the server has ended it', async () => {
    const database = await makePostgres()
    const source = openPostgres(database.url(), 1)
    const deaf = `SELECT xpath('count(//b[count(preceding::b) > count(following::b)])',
      ('<a>' || repeat('<b/>', 11000) || '</a>')::xml)`
    await expect(ask(source, deaf, { limits: { timeoutMs: 300 } })).rejects.toMatchObject({
      code: 'timed_out',
    })
    const isRunning = async (): Promise<boolean> => (await activeOn(database.name, 'xpath')) > 0
    const seen: string[] = []
    while (await isRunning()) {
      const result = await ask(source, 'SELECT 1', { limits: { timeoutMs: 200 } }).then(
        () => 'answered',
        ({ code }: { code: string }) => code,
      )
      if (await isRunning()) seen.push(result)
    }
    expect(new Set(seen)).toEqual(new Set(['too_busy']))
    expect((await ask(source, 'SELECT 1', { limits: { timeoutMs: 8000 } })).rows).toEqual([[1]])
  }, 60_000)

  test('closing leaves nothing running on the server', async () => {
    const database = await makePostgres()
    const source = openPostgres(database.url())
    const call = ask(source, endless).catch(({ code }: { code: string }) => code)
    await vi.waitFor(async () => expect(await activeOn(database.name)).toBe(1), 5000)
    await source.close()
    expect(['cancelled', 'source_unavailable']).toContain(await call)
    await vi.waitFor(async () => expect(await activeOn(database.name)).toBe(0), 3000)
    await expect(ask(source, 'SELECT 1')).rejects.toMatchObject({ code: 'source_unavailable' })
  })
})

describe.runIf(hasPostgres)('caps on PostgreSQL', () => {
  test('rows end where the limit is, and the rest is never computed', async () => {
    const source = openPostgres((await makePostgres()).url())
    const rows =
      'SELECT a FROM generate_series(1, 10) t(a), LATERAL (SELECT pg_sleep(0.2 * (a / 4))) s'
    const start = performance.now()
    const { rows: got, caps } = await ask(source, rows, { limits: { rows: 2 } })
    expect([got, caps]).toEqual([[[1], [2]], ['rows']])
    expect(performance.now() - start).toBeLessThan(1500)
    const exact = await ask(source, 'SELECT * FROM generate_series(1, 500)', {
      limits: { rows: 500 },
    })
    expect([exact.rows.length, exact.caps]).toEqual([500, []])
    const more = await ask(source, 'SELECT * FROM generate_series(1, 501)', {
      limits: { rows: 500 },
    })
    expect([more.rows.length, more.caps]).toEqual([500, ['rows']])
  })

  test('a join without end hands out its first rows', async () => {
    const database = await makePostgres('CREATE TABLE n AS SELECT generate_series(1, 3000) AS i')
    const source = openPostgres(database.url())
    const { rows } = await ask(source, 'SELECT a.i FROM n a, n b, n c, n d', {
      limits: { rows: 50 },
    })
    expect(rows).toHaveLength(50)
  })

  test('an answer is full before memory is, and rows of long values are cut', async () => {
    const source = openPostgres((await makePostgres()).url())
    const text = "SELECT repeat('x', 500000) FROM generate_series(1, 1000)"
    const { rows, caps } = await ask(source, text)
    expect(rows.length).toBeGreaterThan(3)
    expect(caps).toEqual(expect.arrayContaining(['bytes', 'cell']))
    expect((await ask(source, 'SELECT 1')).rows).toEqual([[1]])
  })

  test('one huge value is refused before it is here', async () => {
    const source = openPostgres((await makePostgres()).url(), 1)
    const before = process.memoryUsage().rss
    await expect(ask(source, "SELECT repeat(repeat('x', 1000000), 200)")).rejects.toMatchObject({
      code: 'result_too_large',
    })
    expect(process.memoryUsage().rss - before).toBeLessThan(150e6)
    expect((await ask(source, 'SELECT 1')).rows).toEqual([[1]])
  })
})
