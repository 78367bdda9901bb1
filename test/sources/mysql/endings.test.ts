import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Connection } from 'mysql2/promise'
import { expect, onTestFinished, test } from 'vitest'
import {
  describeOnEach,
  connectTo,
  makeMysqlDatabase,
  openMysqlSource,
} from '../../support/mysql.ts'
import { outcome, run } from '../../support/open.ts'

const setup = ['CREATE TABLE t (id INT PRIMARY KEY)', 'INSERT INTO t VALUES (1), (2), (3)']

const endless = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
  SELECT count(DISTINCT md5(concat(a.i, b.i, c.i))) FROM n a, n b, n c`

/** Statements at work in a database, by whoever. */
async function running(admin: Connection, name: string): Promise<number> {
  const [rows] = await admin.query(
    `SELECT count(*) AS n FROM information_schema.PROCESSLIST
     WHERE DB = ? AND ID <> CONNECTION_ID() AND COMMAND NOT IN ('Sleep', 'Daemon')`,
    [name],
  )
  return Number((rows as { n: number | string }[])[0]?.n)
}

async function sessions(admin: Connection, name: string): Promise<number> {
  const [rows] = await admin.query(
    'SELECT count(*) AS n FROM information_schema.PROCESSLIST WHERE DB = ? AND ID <> CONNECTION_ID()',
    [name],
  )
  return Number((rows as { n: number | string }[])[0]?.n)
}

/** A way to the server that can be cut. */
async function makeProxy(port: number): Promise<{ port: number; cut(): void; server: Server }> {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy()).on('close', () => other.destroy())
      one.pipe(other)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  onTestFinished(() => {
    cut()
    server.close()
  })
  return { port: (server.address() as { port: number }).port, cut, server }
}

describeOnEach('statements on $title end', (server) => {
  const port = Number(new URL(server.url).port || 3306)

  test('at the server too, within 200 ms of a cancel', async () => {
    const { url, admin, name } = await makeMysqlDatabase(server, setup)
    const served = await openMysqlSource(url)
    const watcher = await connectTo(server)
    expect(await outcome(served, 'SELECT count(*) FROM t')).toEqual([[3]])
    const cancel = new AbortController()
    const call = run(served, endless, { signal: cancel.signal }).catch(
      (error: { code: string }) => error.code,
    )
    await expect.poll(() => running(admin, name)).toBe(1)
    cancel.abort()
    expect(await call).toBe('cancelled')
    await pause(200)
    expect(await running(watcher, name)).toBe(0)
  })

  test('and leave nothing behind for the next one', async () => {
    const { url } = await makeMysqlDatabase(server, setup)
    const served = await openMysqlSource(url, { concurrency: 1 })
    const settings =
      'SELECT @@sql_mode, @@autocommit, @@character_set_client, @@group_concat_max_len'
    const before = await outcome(served, settings)
    const id = await outcome(served, 'SELECT CONNECTION_ID()')
    await outcome(served, 'SELECT SQL_CALC_FOUND_ROWS id FROM t LIMIT 1')
    expect(await outcome(served, settings)).toEqual(before)
    expect(await outcome(served, 'SELECT FOUND_ROWS() < 3')).toEqual([[1]])
    expect(await outcome(served, 'SELECT CONNECTION_ID()')).toEqual(id)
  })

  test('when the network is cut, and the next one is answered', async () => {
    const { url } = await makeMysqlDatabase(server, setup)
    const proxy = await makeProxy(port)
    const served = await openMysqlSource(
      url.replace(/@127\.0\.0\.1:\d+/, `@127.0.0.1:${proxy.port}`),
    )
    expect(await outcome(served, 'SELECT count(*) FROM t')).toEqual([[3]])
    proxy.cut()
    expect(await outcome(served, 'SELECT count(*) FROM t')).toEqual([[3]])
    const call = outcome(served, endless)
    await pause(300)
    proxy.cut()
    await pause(100)
    proxy.cut()
    expect(await call).toMatch(/^(source_unavailable|timed_out)$/)
    expect(await outcome(served, 'SELECT count(*) FROM t')).toEqual([[3]])
  })

  test('quickly where nothing answers, and the source comes back by itself', async () => {
    const { url } = await makeMysqlDatabase(server, setup)
    const proxy = await makeProxy(port)
    const away = url.replace(/@127\.0\.0\.1:\d+/, `@127.0.0.1:${proxy.port}`)
    await new Promise((resolve) => proxy.server.close(resolve))
    const served = await openMysqlSource(away)
    const started = performance.now()
    expect(await outcome(served, 'SELECT 1')).toBe('source_unavailable')
    expect(performance.now() - started).toBeLessThan(2000)
    await new Promise<void>((resolve) => proxy.server.listen(proxy.port, '127.0.0.1', resolve))
    expect(await outcome(served, 'SELECT 1')).toEqual([[1]])
  })

  test('1,500 calls with cancels at random leak no connection', async () => {
    const { url, admin, name } = await makeMysqlDatabase(server, setup)
    const served = await openMysqlSource(url)
    let left = Number(process.env['VITRINE_TEST_CALLS'] ?? 1500)
    const codes = new Set<unknown>()
    const worker = async (): Promise<void> => {
      while (left-- > 0) {
        const cancel = new AbortController()
        const timer =
          left % 3 === 0 ? setTimeout(() => cancel.abort(), Math.random() * 8) : undefined
        const text = left % 7 === 0 ? endless : 'SELECT count(*) FROM t'
        const call = run(served, text, { signal: cancel.signal })
        if (text === endless) setTimeout(() => cancel.abort(), Math.random() * 12)
        codes.add(
          await call.then(
            ({ rows }) => rows[0]?.[0],
            (error: { code: string }) => error.code,
          ),
        )
        clearTimeout(timer)
      }
    }
    await Promise.all(Array.from({ length: 8 }, worker))
    expect([...codes].filter((code) => code !== 3 && code !== 'cancelled')).toEqual([])
    expect(await outcome(served, 'SELECT count(*) FROM t')).toEqual([[3]])
    await expect.poll(() => sessions(admin, name), { timeout: 5000 }).toBeLessThanOrEqual(5)
    await served.source.close()
    await expect.poll(() => sessions(admin, name), { timeout: 5000 }).toBe(0)
  }, 180_000)
})
