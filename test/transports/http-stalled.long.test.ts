/** Clients that take their answers slowly, or not at all. They wait side by side. */
import { writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { beforeAll, describe, expect, test, type TestContext } from 'vitest'
import { startApi } from '../support/api-server.ts'
import { type HttpServer, modernCall, startHttpServer } from '../support/http-server.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { shared } from '../support/shared.ts'

let server: HttpServer

const start = shared(async (_key: 'one', whenDone) => {
  const folder = scratchFolder(whenDone)
  const path = join(folder, 'vitrine.yaml')
  const silent = await startApi(() => undefined, whenDone)
  const database = makeDatabase('CREATE TABLE t(a)', join(folder, 'test.db'))
  writeFileSync(
    path,
    `sources:
  shop: { url: 'sqlite:${database}' }
  silent: { url: '${silent.url}', private_addresses: true, limits: { timeout: 17s } }
tools: { wait: { description: Waits., source: silent, request: GET / } }
http: { legacy_sse: true }
`,
  )
  return startHttpServer(path, { whenDone })
})

beforeAll(async () => {
  server = await start('one')
})

/** About 80 kB each: together more than the buffers of the system between the two. */
const asked = 150
const wide =
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100) SELECT hex(zeroblob(200)) FROM n'

function ask(socket: Socket): void {
  const params = { name: 'query_database', arguments: { query: wide } }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })
  const head = `POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: ${body.length}\r\n\r\n`
  for (let sent = 0; sent < asked; sent++) socket.write(head + body)
}

function openSocket({ onTestFinished }: TestContext): Socket {
  const socket = connect(Number(server.url.port), '127.0.0.1').on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  return socket
}

const answersIn = (text: string): number => text.match(/HTTP\/1\.1 200/g)?.length ?? 0

describe.concurrent('a client', () => {
  test('that takes nothing of its answers for half a minute is cut off', async (context) => {
    const socket = openSocket(context).pause()
    ask(socket)
    await pause(36_000)
    let text = ''
    socket.on('data', (part: Buffer) => (text += part.toString()))
    await new Promise((resolve) => socket.once('close', resolve).resume())
    expect(answersIn(text)).toBeLessThan(asked)
  }, 60_000)

  test('that takes them slowly gets all of them', async (context) => {
    const socket = openSocket(context)
    let text = ''
    socket.on('data', (part: Buffer) => {
      text += part.toString()
      socket.pause()
      setTimeout(() => socket.resume(), 60)
    })
    ask(socket)
    while (!socket.destroyed && answersIn(text) < asked) await pause(200)
    expect(answersIn(text)).toBe(asked)
  }, 60_000)

  test('whose call takes longer than that waits for its answer', async () => {
    const response = await modernCall(server.url, ['wait', {}])
    expect(await response.json()).toMatchObject({
      result: { structuredContent: { error: { code: 'timed_out' } } },
    })
  }, 60_000)
})
