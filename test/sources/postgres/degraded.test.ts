import { writeFileSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { runHere } from '../../support/command-here.ts'
import { hasPostgres, makePostgres, server } from '../../support/postgres.ts'
import { makeDatabase, scratchFolder } from '../../support/scratch.ts'
import { RawServer } from '../../support/serve.ts'

const listening = (one: Server, port: number): Promise<void> =>
  new Promise((resolve) => one.listen(port, '127.0.0.1', resolve))

/** A port that leads to the server, once it is opened. */
async function laterPort(): Promise<{ readonly port: number; readonly open: () => Promise<void> }> {
  const probe = createServer()
  await listening(probe, 0)
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  const proxy = createServer((socket) => {
    const other = connect(server.port, server.host)
    socket.pipe(other).pipe(socket)
    socket.on('error', () => other.destroy())
    other.on('error', () => socket.destroy())
  })
  onTestFinished(() => void proxy.close())
  return { port, open: () => listening(proxy, port) }
}

describe.runIf(hasPostgres)('a source that is down at start', () => {
  test('leaves the others served, is told of, and comes back by itself', async () => {
    const { name } = await makePostgres('CREATE TABLE t(a int); INSERT INTO t VALUES (7)')
    const later = await laterPort()
    const config = join(scratchFolder(), 'vitrine.yaml')
    writeFileSync(
      config,
      `sources:
  shop: { url: "sqlite:${makeDatabase('CREATE TABLE s(a); INSERT INTO s VALUES (1)')}" }
  books: { url: "postgres://${server.user}@127.0.0.1:${later.port}/${name}" }\n`,
    )
    const served = new RawServer(config)
    await served.initialize()
    const ask = async (id: number, tool: string, input: object): Promise<unknown> => {
      const answer = await served.call(id, tool, input)
      return (answer['result'] as { structuredContent: unknown }).structuredContent
    }
    expect(
      await ask(1, 'query_database', { source: 'shop', query: 'SELECT a FROM s' }),
    ).toMatchObject({
      rows: [[1]],
    })
    const down = { error: { code: 'source_unavailable', retryable: true } }
    expect(await ask(2, 'get_schema', { source: 'books' })).toMatchObject(down)
    expect(await ask(3, 'query_database', { source: 'books', query: 'SELECT 1' })).toMatchObject(
      down,
    )
    const doctor = await runHere(['doctor', config])
    expect(doctor.code).toBe(1)
    expect(doctor.stdout).toMatch(/source books\s+✗ .*(refused|reached|ECONNREFUSED)/)
    expect(doctor.stdout).toMatch(/source shop\s+✓/)
    await later.open()
    let id = 4
    await vi.waitFor(
      async () => {
        const input = { source: 'books', query: 'SELECT a FROM t' }
        expect(await ask(id++, 'query_database', input)).toMatchObject({ rows: [[7]] })
      },
      { timeout: 8000 },
    )
  })
})
