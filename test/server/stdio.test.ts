import { writeFileSync } from 'node:fs'
import { platform } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { RawServer } from '../support/serve.ts'
import { workersOn } from '../support/workers.ts'

const one = { result: { structuredContent: { rows: [[1]] } } }

test.each(['2024-10-07', '2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])(
  'a client that speaks %s is answered in kind',
  async (revision) => {
    const server = new RawServer(makeDatabase('SELECT 1'))
    expect(await server.initialize(revision)).toMatchObject({
      result: { protocolVersion: revision },
    })
    expect(await server.query(1, 'SELECT 1')).toMatchObject(one)
  },
)

test('stdout carries the protocol and nothing else', async () => {
  const server = new RawServer(makeDatabase('CREATE TABLE t(a)'))
  await server.initialize()
  await server.query(1, "SELECT printf('%s', 1)")
  await server.query(2, 'SELECT nope FROM t')
  for (const line of server.lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' })
  expect(server.stderr).toBe('')
})

const onLinux = platform() === 'linux'

const endless =
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n'

test('a second question is answered within the time the first one runs away', async () => {
  const config = join(scratchFolder(), 'vitrine.yaml')
  const url = `sqlite:${makeDatabase('SELECT 1')}`
  writeFileSync(
    config,
    `sources: { main: { url: '${url}', limits: { timeout: 1s, job_timeout: 0s } } }`,
  )
  const server = new RawServer(config)
  await server.initialize()
  await server.query(1, 'SELECT 1')
  const runaway = server.query(2, endless)
  expect(await server.query(3, 'SELECT 1')).toMatchObject(one)
  expect(server.lines.some((line) => line.includes('"id":2'))).toBe(false)
  expect(await runaway).toMatchObject({
    result: { isError: true, structuredContent: { error: { code: 'timed_out' } } },
  })
})

test('one source that is gone leaves the others served', async () => {
  const folder = scratchFolder()
  makeDatabase('CREATE TABLE t(a); INSERT INTO t VALUES (3)', join(folder, 'here.db'))
  const config = join(folder, 'vitrine.yaml')
  writeFileSync(
    config,
    'sources: { here: { url: sqlite:./here.db }, gone: { url: sqlite:./gone.db } }',
  )
  const server = new RawServer(config)
  await server.initialize()
  const ask = (id: number, source: string): Promise<unknown> => {
    const params = { name: 'query_database', arguments: { source, query: 'SELECT a FROM t' } }
    server.send({ jsonrpc: '2.0', id, method: 'tools/call', params })
    return server.answerTo(id)
  }
  expect(await ask(1, 'gone')).toMatchObject({
    result: { structuredContent: { error: { code: 'source_unavailable', retryable: true } } },
  })
  expect(await ask(2, 'here')).toMatchObject({ result: { structuredContent: { rows: [[3]] } } })
  await vi.waitFor(() => expect(server.stderr).toMatch(/the source gone is not available/), 5000)
  expect(server.process.exitCode).toBeNull()
})

describe('malformed lines', () => {
  test('of any kind leave the server answering, or end it cleanly', async () => {
    const server = new RawServer(makeDatabase('SELECT 1'))
    await server.initialize()
    let id = 1
    const anything = fc.oneof(
      fc.json(),
      fc.string({ maxLength: 200 }).map((text) => text.replaceAll('\n', ' ')),
      fc
        .record({
          jsonrpc: fc.constantFrom('2.0', '1.0', 2),
          id: fc.oneof(fc.string(), fc.constant(null)),
          method: fc.constantFrom('tools/call', 'tools/list', 'initialize', 'x', 7),
          params: fc.jsonValue(),
        })
        .map((message) => JSON.stringify(message)),
      fc.constantFrom(
        '{"jsonrpc":"2.0","id":"x","method":"tools/call","params":{"name":"query_database","arguments":[]}}',
        '[]',
        '{}',
        '{"jsonrpc":"2.0"',
        '\u0000',
        '{"__proto__":{"x":1}}',
        '['.repeat(5000),
      ),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { maxLength: 8 }), async (lines) => {
        server.send(...lines)
        id += 1
        expect(await server.query(id, 'SELECT 1')).toMatchObject(one)
      }),
      { numRuns: 60 },
    )
    for (const line of server.lines) expect(() => JSON.parse(line) as unknown).not.toThrow()
    expect(server.process.exitCode).toBeNull()
  }, 30_000)

  test('a message of many megabytes ends the connection, not the memory', async () => {
    const server = new RawServer(makeDatabase('SELECT 1'))
    await server.initialize()
    server.process.stdin.on('error', () => undefined)
    server.send('x'.repeat(6_000_000))
    expect(await server.ended()).toBe(0)
  })
})

describe('the end', () => {
  test('comes when the client hangs up', async () => {
    const server = new RawServer(makeDatabase('SELECT 1'))
    await server.initialize()
    server.process.stdin.end()
    expect(await server.ended()).toBe(0)
  })

  test('waits for the answer to a question that the client piped in', async () => {
    const server = new RawServer(makeDatabase('CREATE TABLE t(a); INSERT INTO t VALUES (42)'))
    void server.initialize()
    const answer = server.query(1, 'SELECT a FROM t')
    server.process.stdin.end()
    expect(await server.ended()).toBe(0)
    expect(await answer).toMatchObject({ result: { structuredContent: { rows: [[42]] } } })
  })

  test.skipIf(!onLinux)(
    'comes soon when the client hangs up in the middle of a statement',
    async () => {
      const path = makeDatabase('SELECT 1')
      const config = join(scratchFolder(), 'vitrine.yaml')
      writeFileSync(
        config,
        `sources: { main: { url: 'sqlite:${path}', limits: { timeout: 60s } } }`,
      )
      const server = new RawServer(config)
      void server.initialize()
      void server.query(1, endless)
      server.process.stdin.end()
      expect(await server.ended()).toBe(0)
      await vi.waitFor(() => expect(workersOn(path)).toEqual([]), 5000)
    },
  )

  test('comes with SIGTERM, also in the middle of a statement', async () => {
    const server = new RawServer(makeDatabase('SELECT 1'))
    await server.initialize()
    await server.query(1, 'SELECT 1')
    void server.query(2, endless)
    server.process.kill('SIGTERM')
    expect(await server.ended()).toBe(0)
  })

  test.each([
    '/nowhere/orders.db',
    '/nowhere/orders.duckdb',
    '/nowhere/orders.csv',
    '/nowhere/*.csv',
    'duckdb:/nowhere/exports',
  ])('comes at once with code 2 where %s is not there', async (target) => {
    const server = new RawServer(target)
    expect(await server.ended()).toBe(2)
    expect(server.stderr).toMatch(/no (?:folder|file) \/nowhere/)
    expect(server.lines).toEqual([])
  })

  test.each(['orders.db', 'orders.duckdb'])(
    'comes at once with code 2 where %s is another kind of file',
    async (name) => {
      const path = join(scratchFolder(), name)
      writeFileSync(path, 'not a database, and longer than the beginning of one')
      const server = new RawServer(path)
      expect(await server.ended()).toBe(2)
      expect(server.stderr).toContain(path)
      expect(server.lines).toEqual([])
    },
  )
})
