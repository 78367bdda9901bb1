import { describe, expect, test, vi } from 'vitest'
import {
  ask,
  asSuperuser,
  hasPostgres,
  makePostgres,
  makeRole,
  openPostgres,
  server,
  statement,
} from '../../support/postgres.ts'
import { noSignal } from '../../support/open.ts'
import { Proxy } from '../../support/proxy.ts'
import { pause } from '../../support/workers.ts'

const connectionsTo = async (name: string): Promise<number> =>
  Number(
    (
      await asSuperuser(`SELECT count(*)::int FROM pg_stat_activity WHERE datname = '${name}'`)
    )[0]?.[0],
  )

/** What is said when the source cannot be reached; to a model without host, user or password. */
async function codes(url: string): Promise<unknown> {
  const error = await openPostgres(url)
    .catalog(noSignal)
    .catch((thrown: unknown) => thrown)
  const { code, message, detail } = error as { code: string; message: string; detail: string }
  expect(message).not.toMatch(/127\.0\.0\.1|nowhere|secret/)
  expect(detail).not.toContain('secret')
  return [code, message]
}

/** How many calls with random cancels; 10,000 by hand. */
const manyCalls = Number(process.env['VITRINE_CALLS'] ?? 1500)

describe.runIf(hasPostgres)('connections to PostgreSQL', () => {
  test('thousands of calls with random cancels leak none', { timeout: 300_000 }, async () => {
    const database = await makePostgres()
    const source = openPostgres(database.url(), 4)
    const ends = new Map<string, number>()
    const one = async (index: number): Promise<void> => {
      const cancel = new AbortController()
      const timer = index % 3 === 0 ? setTimeout(() => cancel.abort(), (index * 7) % 12) : undefined
      const text = index % 5 === 0 ? 'SELECT pg_sleep(0.01)' : `SELECT ${index}, repeat('y', 2000)`
      const limits = index % 11 === 0 ? { timeoutMs: 5 } : {}
      const end = await ask(source, text, { signal: cancel.signal, limits }).then(
        ({ rows }) => (index % 5 === 0 || rows[0]?.[0] === index ? 'rows' : 'rows of another'),
        ({ code }: { code: string }) => code,
      )
      clearTimeout(timer)
      ends.set(end, (ends.get(end) ?? 0) + 1)
    }
    for (let index = 0; index < manyCalls; index += 25) {
      await Promise.all(Array.from({ length: 25 }, (_one, offset) => one(index + offset)))
    }
    expect([...ends.values()].reduce((sum, count) => sum + count, 0)).toBe(manyCalls)
    for (const end of ends.keys()) {
      expect(['rows', 'cancelled', 'timed_out', 'too_busy', 'source_unavailable']).toContain(end)
    }
    if (process.env['VITRINE_FIGURES']) process.stdout.write(`${JSON.stringify([...ends])}\n`)
    expect(ends.get('rows')).toBeGreaterThan(manyCalls / 3)
    await vi.waitFor(async () => expect(await connectionsTo(database.name)).toBeLessThan(5), 4000)
    expect((await ask(source, 'SELECT 1')).rows).toEqual([[1]])
    await source.close()
    await vi.waitFor(async () => expect(await connectionsTo(database.name)).toBe(0), 4000)
  })

  test('a restart of the server is not noticed by the next call', async () => {
    const database = await makePostgres()
    const source = openPostgres(database.url(), 2)
    await Promise.all([ask(source, 'SELECT 1'), ask(source, 'SELECT 2')])
    await asSuperuser(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database.name}'`,
    )
    // A server obeys in its own time; what it had begun to answer until then would be another test's.
    await vi.waitFor(async () => expect(await connectionsTo(database.name)).toBe(0), 4000)
    const next = await Promise.all([3, 4, 5].map((n) => ask(source, `SELECT ${n}`)))
    expect(next.map(({ rows }) => rows)).toEqual([[[3]], [[4]], [[5]]])
  })

  test('a cut in the middle of rows is an error for that call alone', async () => {
    const database = await makePostgres()
    const proxy = await Proxy.before(server.host, server.port)
    const url = database.url().replace(`:${server.port}/`, `:${proxy.port}/`)
    const source = openPostgres(`${url}?sslmode=disable`, 1)
    await ask(source, 'SELECT 1')
    proxy.cutAfter(20_000)
    const long = "SELECT repeat('x', 1000) FROM generate_series(1, 400)"
    await expect(ask(source, long, { limits: { answerBytes: 1e6 } })).rejects.toMatchObject({
      code: 'source_unavailable',
    })
    proxy.mend()
    expect((await ask(source, 'SELECT 2')).rows).toEqual([[2]])
    proxy.cut()
    expect((await ask(source, 'SELECT 3')).rows).toEqual([[3]])
    await vi.waitFor(async () => expect(await connectionsTo(database.name)).toBe(1), 4000)
  })

  test('a network that says nothing any more costs the deadline and no more', async () => {
    const database = await makePostgres()
    const proxy = await Proxy.before(server.host, server.port)
    const url = database.url().replace(`:${server.port}/`, `:${proxy.port}/`)
    const source = openPostgres(`${url}?sslmode=disable`, 2)
    await ask(source, 'SELECT 1')
    await pause(50)
    proxy.freeze()
    const start = performance.now()
    await expect(ask(source, 'SELECT 2', { limits: { timeoutMs: 300 } })).rejects.toMatchObject({
      code: 'timed_out',
    })
    await expect(ask(source, 'SELECT 2', { limits: { timeoutMs: 300 } })).rejects.toMatchObject({
      code: 'source_unavailable',
    })
    expect(performance.now() - start).toBeLessThan(3000)
    proxy.cut()
    proxy.mend()
    await pause(1200)
    expect((await ask(source, 'SELECT 4')).rows).toEqual([[4]])
  })

  test('a server that is not there, a wrong name and a wrong user are told apart', async () => {
    const database = await makePostgres()
    expect(await codes('postgres://u:secret@127.0.0.1:1/x')).toEqual([
      'source_unavailable',
      'The database refuses connections: it is not running, or elsewhere.',
    ])
    expect(await codes('postgres://u:secret@nowhere.invalid/x')).toEqual([
      'source_unavailable',
      'The database is on a host whose name is not known.',
    ])
    expect(await codes(`${database.url()}_gone`)).toEqual([
      'source_unavailable',
      'The database is not there: its server has none of that name.',
    ])
    expect(await codes(database.url('nobody_here', 'secret'))).toEqual([
      'source_unavailable',
      'The database does not let this user in.',
    ])
    expect(await codes('postgres:///x?host=/nowhere')).toEqual([
      'source_unavailable',
      'The database has no socket where the URL says.',
    ])
  })
})

describe.runIf(hasPostgres)('what a call leaves behind', () => {
  test('nothing: settings, locks, prepared names, temporary tables, listeners', async () => {
    const database = await makePostgres('CREATE TABLE t(a int)')
    const source = openPostgres(database.url(), 1)
    for (const text of [
      "SELECT set_config('work_mem', '3MB', false), set_config('app.x', 'left', false)",
      'SELECT pg_advisory_lock(7), pg_advisory_lock_shared(8)',
      'PREPARE p AS SELECT 1',
      'LISTEN c',
      'SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE',
      'DECLARE c CURSOR WITH HOLD FOR SELECT 1',
    ]) {
      await ask(source, text)
    }
    const left = `SELECT current_setting('work_mem') = '3MB', current_setting('app.x', true),
      (SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory'
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())),
      (SELECT count(*)::int FROM pg_prepared_statements WHERE from_sql),
      (SELECT count(*)::int FROM pg_listening_channels()),
      (SELECT count(*)::int FROM pg_cursors WHERE is_holdable)`
    const { rows } = await ask(source, left)
    expect([rows[0]?.[0], rows[0]?.[1] ?? '', ...(rows[0]?.slice(2) ?? [])]).toEqual([
      false,
      '',
      0,
      0,
      0,
      0,
    ])
  })

  test('what runs before each statement is parsed once on a connection', async () => {
    const database = await makePostgres()
    const source = openPostgres(database.url(), 1)
    for (const text of ['SELECT 1', 'SELECT 2']) await ask(source, text)
    const text = 'SELECT name, from_sql FROM pg_prepared_statements ORDER BY name'
    expect((await ask(source, text)).rows).toEqual([
      ['vitrine_left', false],
      ['vitrine_settings', false],
    ])
  })

  test.each([
    'DEALLOCATE ALL',
    'DEALLOCATE vitrine_settings',
    'PREPARE mine AS SELECT 1',
    'COMMIT',
    'ROLLBACK',
  ])('a connection on which a statement has said %s is not used again', async (text) => {
    const database = await makePostgres()
    const source = openPostgres(database.url(), 1)
    const process = async (): Promise<unknown> =>
      (await ask(source, 'SELECT pg_backend_pid()')).rows[0]?.[0]
    await process()
    const before = await process()
    await ask(source, text)
    expect(await process()).not.toBe(before)
  })

  test('nothing is written, whatever the statement tries first', async () => {
    const database = await makePostgres('CREATE TABLE t(a int)')
    const source = openPostgres(database.url(), 1)
    for (const text of [
      'INSERT INTO t VALUES (1)',
      'SET TRANSACTION READ WRITE',
      'SELECT 1; INSERT INTO t VALUES (1)',
      'CREATE TEMP TABLE x(a int); COMMIT',
    ]) {
      await expect(ask(source, text)).rejects.toMatchObject({
        code: expect.stringMatching(/statement_refused|syntax_error|query_failed/),
      })
    }
    await ask(source, 'COMMIT')
    await expect(ask(source, 'INSERT INTO t VALUES (1)')).rejects.toMatchObject({
      code: 'statement_refused',
    })
    expect(await database.run('SELECT count(*)::int FROM t')).toEqual([[0]])
  })

  test('names are looked up where the guard looked them up', async () => {
    const database = await makePostgres(
      `CREATE SCHEMA a; CREATE TABLE a.t AS SELECT 'a' AS x; CREATE SCHEMA "B c";
       CREATE TABLE "B c".t AS SELECT 'b' AS x`,
    )
    const source = openPostgres(database.url(), 1)
    for (const [searchPath, found] of [
      [['a'], 'a'],
      [['B c', 'a'], 'b'],
    ] as const) {
      expect((await ask(source, statement('SELECT x FROM t', { searchPath }))).rows).toEqual([
        [found],
      ])
    }
  })

  test('row-level security decides by who asks, and nobody is remembered', async () => {
    const role = await makeRole()
    const database = await makePostgres(
      `CREATE TABLE notes(owner text, body text);
       INSERT INTO notes VALUES ('ann', 'of ann'), ('bob', 'of bob');
       ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
       CREATE POLICY own ON notes FOR SELECT USING (owner = current_setting('app.user', true));
       GRANT SELECT ON notes TO ${role}`,
    )
    const source = openPostgres(database.url(role), 1)
    const bodies = async (identity?: Record<string, string>): Promise<unknown> =>
      (await ask(source, 'SELECT body FROM notes', identity === undefined ? {} : { identity })).rows
    expect(await bodies({ 'app.user': 'ann' })).toEqual([['of ann']])
    expect(await bodies()).toEqual([])
    expect(await bodies({ 'app.user': 'bob' })).toEqual([['of bob']])
    expect(await bodies({ 'app.user': "x' OR 'ann" })).toEqual([])
    expect(await bodies()).toEqual([])
    await expect(bodies({ statement_timeout: '0' })).rejects.toMatchObject({
      code: 'config_invalid',
    })
  })
})
