import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { platform } from 'node:os'
import { describe, expect, test, vi } from 'vitest'
import { makeDatabase } from '../support/scratch.ts'
import { noSignal, openTestSource, outcome, run } from '../support/open.ts'
import { RawServer } from '../support/serve.ts'
import { pause, residentMegabytes, workersOn } from '../support/workers.ts'

const endless =
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n'

const onLinux = platform() === 'linux'

describe('a statement that runs away', () => {
  test('ends at its time limit while others are answered', async () => {
    const path = makeDatabase('CREATE TABLE t(a); INSERT INTO t VALUES (1)')
    const served = await openTestSource(path)
    await run(served, 'SELECT 1')
    const runaway = run(served, endless, { timeoutMs: 1500 })
    runaway.catch(() => undefined)
    const others = Array.from({ length: 20 }, () => outcome(served, 'SELECT a FROM t'))
    expect(await Promise.all(others)).toEqual(Array.from({ length: 20 }, () => [[1]]))
    await expect(runaway).rejects.toMatchObject({ code: 'timed_out', retryable: false })
    expect(await outcome(served, 'SELECT a FROM t')).toEqual([[1]])
  })

  test.each([
    ['an endless recursion', endless],
    [
      'a cross join',
      'SELECT count(*) FROM big a, big b, big c, big d, big e WHERE a.x + b.x + c.x + d.x + e.x = -1',
    ],
    [
      'a slow pattern',
      "SELECT count(*) FROM big a, big b, big c, big d WHERE (hex(zeroblob(20000)) || a.x || b.x) LIKE '%0%0%0%0%1%'",
    ],
    ['an ordering of all', 'SELECT a.x FROM big a, big b, big c ORDER BY random()'],
  ])('%s is stopped', async (_what, text) => {
    const rows = Array.from({ length: 400 }, (_, index) => `(${index})`).join(', ')
    const path = makeDatabase(`CREATE TABLE big(x); INSERT INTO big VALUES ${rows}`)
    const served = await openTestSource(path, { limits: { memoryBytes: 2 ** 28 } })
    await served.source.catalog(noSignal)
    await expect(run(served, text, { timeoutMs: 400 })).rejects.toMatchObject({
      code: expect.stringMatching(/^(timed_out|memory_exceeded)$/),
    })
    expect(await outcome(served, 'SELECT 1')).toEqual([[1]])
  })

  test.each([
    'SELECT randomblob(1000000000)',
    'SELECT zeroblob(2000000000)',
    "SELECT replace(hex(zeroblob(6000000)), '00', 'xxxxxxxxxxxxxxxx')",
    'SELECT group_concat(hex(zeroblob(100000))) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 500) SELECT i FROM n)',
    'SELECT json_group_array(hex(zeroblob(100000))) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 500) SELECT i FROM n)',
  ])('%s is too large', async (text) => {
    const served = await openTestSource(makeDatabase('SELECT 1'))
    expect(await outcome(served, text)).toMatch(/^(result_too_large|memory_exceeded)$/)
  })

  test.skipIf(!onLinux)('is stopped at its memory limit, and the memory comes back', async () => {
    const path = makeDatabase('SELECT 1')
    const served = await openTestSource(path, { limits: { memoryBytes: 2 ** 27 } })
    const hoard =
      'WITH RECURSIVE n(i, b) AS (SELECT 1, zeroblob(1000000) UNION ALL ' +
      'SELECT i + 1, zeroblob(1000000) FROM n LIMIT 3000) ' +
      'SELECT count(*) FROM (SELECT DISTINCT b || i FROM n)'
    expect(await outcome(served, hoard)).toBe('memory_exceeded')
    expect(await outcome(served, 'SELECT 1')).toEqual([[1]])
    const left = workersOn(path)
    expect(left.length).toBeGreaterThan(0)
    for (const pid of left) expect(residentMegabytes(pid)).toBeLessThan(160)
  })
})

test('a cancelled call ends at once, and the next one is answered', async () => {
  const served = await openTestSource(makeDatabase('SELECT 1'))
  const cancel = new AbortController()
  const call = run(served, endless, { signal: cancel.signal })
  setTimeout(() => cancel.abort(), 50)
  await expect(call).rejects.toMatchObject({ code: 'cancelled' })
  expect(await outcome(served, 'SELECT 1')).toEqual([[1]])
  await expect(run(served, 'SELECT 1', { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'cancelled',
  })
})

test.skipIf(!onLinux)('a worker killed in the middle is an error for its call alone', async () => {
  const path = makeDatabase('SELECT 1')
  const served = await openTestSource(path, { limits: { concurrency: 1 } })
  await run(served, 'SELECT 1')
  const [busy] = workersOn(path)
  const call = outcome(served, endless)
  await pause(100)
  if (busy === undefined) throw new Error('No worker has the file open.')
  process.kill(busy, 'SIGKILL')
  expect(await call).toBe('worker_lost')
  expect(await outcome(served, 'SELECT 2')).toEqual([[2]])
})

test('more calls than workers wait their turn, and too many are told so', async () => {
  const served = await openTestSource(makeDatabase('SELECT 1'), {
    limits: { concurrency: 1, timeoutMs: 500 },
  })
  await served.source.catalog(noSignal)
  const calls = await Promise.all(Array.from({ length: 60 }, () => outcome(served, endless)))
  expect(new Set(calls)).toEqual(new Set(['timed_out', 'too_busy']))
  expect(await outcome(served, 'SELECT 1')).toEqual([[1]])
})

test.skipIf(!onLinux)('closing leaves no worker behind', async () => {
  const path = makeDatabase('SELECT 1')
  const served = await openTestSource(path)
  const call = outcome(served, endless)
  await vi.waitFor(() => expect(workersOn(path).length).toBeGreaterThan(0), 5000)
  await served.source.close()
  expect(await call).toMatch(/^(worker_lost|source_unavailable)$/)
  await vi.waitFor(() => expect(workersOn(path)).toEqual([]), 5000)
  expect(await outcome(served, 'SELECT 1')).toBe('source_unavailable')
})

test('a catalog that one caller gives up on is there for the next', async () => {
  const { source } = await openTestSource(makeDatabase('CREATE TABLE t(a)'))
  const cancel = new AbortController()
  const given = source.catalog(cancel.signal)
  const kept = source.catalog(new AbortController().signal)
  cancel.abort()
  await expect(given).rejects.toMatchObject({ code: 'cancelled' })
  expect((await kept).tables.map(({ name }) => name)).toEqual(['t'])
})

test.runIf(onLinux)(
  'a worker may compute for as long as its longest statement may run, and not much longer',
  async () => {
    const path = makeDatabase('CREATE TABLE t(a)')
    const served = await openTestSource(path, { limits: { timeoutMs: 600_000 } })
    await run(served, 'SELECT a FROM t')
    const limits = workersOn(path).map((pid) => readFileSync(`/proc/${pid}/limits`, 'utf8'))
    expect(limits.length).toBeGreaterThan(0)
    for (const limit of limits) expect(limit).toMatch(/Max cpu time +660 /)
  },
)

const canEndWithParent = spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0

test.runIf(onLinux && canEndWithParent)(
  'a worker ends with a server that is killed, though it computes',
  async () => {
    const path = makeDatabase('CREATE TABLE t(a)')
    const server = new RawServer(path)
    await server.initialize()
    await server.query(1, 'SELECT a FROM t')
    void server.query(2, endless)
    await pause(300)
    expect(workersOn(path).length).toBeGreaterThan(0)
    server.process.kill('SIGKILL')
    await vi.waitFor(() => expect(workersOn(path)).toEqual([]), { timeout: 5000 })
  },
)
