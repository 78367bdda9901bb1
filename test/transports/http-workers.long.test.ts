import { execFileSync } from 'node:child_process'
import { expect, test, vi } from 'vitest'
import { vitrine } from '../support/command.ts'
import { modernCall, startHttpServer } from '../support/http-server.ts'
import { makeDatabase } from '../support/scratch.ts'

const childrenOf = (pid: number): number[] =>
  execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
    .trim()
    .split(/\s+/)
    .map(Number)

test('processes share the port, one that is lost is started again, and a signal ends all', async () => {
  const server = await startHttpServer(makeDatabase('SELECT 1'), { args: ['--workers', '2'] })
  const pid = server.process.pid ?? 0
  const ask = async (): Promise<unknown> =>
    (await modernCall(server.url, ['query_database', { query: 'SELECT 1' }])).json()
  await vi.waitFor(() => expect(childrenOf(pid)).toHaveLength(2), { timeout: 10_000 })
  const [first = 0, second = 0] = childrenOf(pid)
  process.kill(first, 'SIGKILL')
  // What it had taken is lost with it, and the other may still be coming up: a client asks again.
  const answer = { result: { structuredContent: { rows: [[1]] } } }
  await vi.waitFor(async () => expect(await ask()).toMatchObject(answer), { timeout: 10_000 })
  await vi.waitFor(
    () => {
      const now = childrenOf(pid)
      expect(now).toHaveLength(2)
      expect(now).toContain(second)
      expect(now).not.toContain(first)
    },
    { timeout: 10_000 },
  )
  server.process.kill('SIGINT')
  expect(await server.ended()).toBe(0)
})

test('the address it says is one that a client can ask', async () => {
  const shop = makeDatabase('SELECT 1')
  for (const args of [[], ['--workers', '2']]) {
    const server = await startHttpServer(shop, { address: '[::1]:0', args })
    expect((await fetch(new URL('/healthz', server.url))).status).toBe(200)
  }
})

test('workers that cannot come up end it, with a code that says so', async () => {
  const { url } = await startHttpServer(makeDatabase('SELECT 1'))
  const { code, stderr } = await vitrine([
    'serve',
    makeDatabase('SELECT 1'),
    '--http',
    url.host,
    '--workers',
    '2',
  ])
  // Once, whatever their number.
  expect(stderr.match(/Port \d+ of 127.0.0.1 cannot be listened on \(EADDRINUSE\)/g)).toHaveLength(
    1,
  )
  expect(code).toBe(2)
})
