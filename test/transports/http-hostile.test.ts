import { readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type HttpServer, legacyCall, modernCall, startHttpServer } from '../support/http-server.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { shared } from '../support/shared.ts'

let server: HttpServer

const start = shared(async (_key: 'one', whenDone) => {
  const folder = scratchFolder(whenDone)
  const path = join(folder, 'vitrine.yaml')
  const database = makeDatabase('CREATE TABLE t(a)', join(folder, 'test.db'))
  writeFileSync(
    path,
    `sources: { shop: { url: 'sqlite:${database}' } }\nhttp: { legacy_sse: true }\n`,
  )
  return startHttpServer(path, { whenDone })
})

beforeAll(async () => {
  server = await start('one')
})

const one = ['query_database', { query: 'SELECT 1' }] as const

const expectService = async (): Promise<void> => {
  const answer = await (await modernCall(server.url, one)).json()
  expect(answer).toMatchObject({ result: { structuredContent: { rows: [[1]] } } })
}

/** Megabytes of the server's own process. */
const residentMegabytes = (): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.process.pid}/status`, 'utf8'))?.[1]) /
  1024

/** A request with headers that `fetch` would not send. */
const statusOf = (path: string, headers: Record<string, string>): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const asked = request(new URL(path, server.url), { headers }, (response) => {
      response.destroy()
      resolve(response.statusCode)
    })
    asked.once('error', reject).end()
  })

interface Opened {
  readonly socket: Socket
  /** All that came, once the connection has ended. */
  readonly ended: Promise<string>
}

const openSocket = (): Promise<Opened> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(server.url.port), '127.0.0.1')
    let text = ''
    socket.on('data', (part: Buffer) => (text += part.toString()))
    const ended = new Promise<string>((end) => socket.once('close', () => end(text)))
    socket.once('connect', () => resolve({ socket, ended })).on('error', reject)
    onTestFinished(() => void socket.destroy())
  })

/** As many at a time as a machine's queue of connections takes. */
async function openSockets(count: number): Promise<Opened[]> {
  const opened: Opened[] = []
  while (opened.length < count) {
    const length = Math.min(200, count - opened.length)
    opened.push(...(await Promise.all(Array.from({ length }, openSocket))))
  }
  return opened
}

describe('a request that was not meant for this server', () => {
  test.each([
    ['another host', { host: 'evil.example' }],
    ['a host that only begins like ours', { host: 'localhost.evil.example' }],
    ['a host with a user', { host: 'localhost@evil.example' }],
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a page without an origin', { origin: 'null' }],
    ['a page that only begins like ours', { origin: 'http://localhost.evil.example' }],
  ])('is refused on every path: %s', async (_name, headers) => {
    const paths = ['/mcp', '/tools', '/sse', '/healthz', '/readyz']
    expect(await Promise.all(paths.map((path) => statusOf(path, headers)))).toEqual(
      paths.map(() => 403),
    )
  })

  test.each(['10.1.2.3:8080', '[fd00::1]', 'localhost:9', '127.0.0.1'])(
    'is none that asks by an address or a name of this machine: %s',
    async (host) => {
      expect(await statusOf('/healthz', { host })).toBe(200)
      expect(await statusOf('/tools', { host, origin: 'https://evil.example' })).toBe(403)
    },
  )

  test.each(['http://localhost:3000', 'http://127.0.0.1', 'http://[::1]:5173'])(
    'is none that comes from a page of this machine: %s',
    async (origin) => {
      const response = await modernCall(server.url, one, { headers: { origin } })
      expect(response.status).toBe(200)
      expect(response.headers.get('access-control-allow-origin')).toBe(origin)
    },
  )
})

test.each([
  ['mcp-name', 'get_schema'],
  ['mcp-method', 'tools/list'],
  ['mcp-protocol-version', '2025-11-25'],
])('a header that says something else than the body is refused: %s', async (name, value) => {
  const response = await modernCall(server.url, one, { headers: { [name]: value } })
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error: { code: -32_020 } })
})

const chunk = `10000\r\n${'x'.repeat(0x1_00_00)}\r\n`

/** Sends a body without an end, as fast as it is taken; gives the bytes that it could. */
async function flood({ socket }: Opened): Promise<number> {
  let sent = 0
  socket.write('POST /mcp HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n')
  for (; !socket.destroyed && sent < 100 * 1024 * 1024; sent += chunk.length) {
    socket.write(chunk)
    if (socket.writableLength > chunk.length * 4) await pause(5)
  }
  return sent
}

describe('a body', () => {
  test('that says how large it is, and is too large, is refused before it is sent', async () => {
    const { socket, ended } = await openSocket()
    socket.write(`POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 104857600\r\n\r\n`)
    expect(await ended).toMatch(/^HTTP\/1.1 413 .*request_too_large/s)
    await expectService()
  })

  test('without an end is cut off, and held nowhere', async () => {
    const before = residentMegabytes()
    const sockets = await openSockets(20)
    const sent = await Promise.all(sockets.map(flood))
    expect(Math.max(...sent)).toBeLessThan(20 * 1024 * 1024)
    expect(residentMegabytes() - before).toBeLessThan(150)
    await expectService()
  })

  test.each([
    ['arrays', '['.repeat(500_000)],
    ['arrays that end', '['.repeat(200_000) + ']'.repeat(200_000)],
    ['objects', '{"a":'.repeat(150_000)],
    ['arguments', call('['.repeat(200_000) + ']'.repeat(200_000))],
    ['names', call('{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000))],
  ])('that nests without end is refused: %s', async (_name, body) => {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    }
    const response = await fetch(server.url, { method: 'POST', headers, body })
    expect(await response.text()).toMatch(/"error"/)
    await expectService()
  })
})

function call(input: string): string {
  return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"query_database","arguments":{"query":"SELECT 1","x":${input}}}}`
}

test.each(['//', 'http://[', '*', '/%', '/\\', '/mcp/../tools', 'https://x'])(
  'a target that is no path of ours is answered with 404: %s',
  async (target) => {
    const { socket, ended } = await openSocket()
    socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    expect(await ended).toMatch(/^HTTP\/1.1 404 /)
    await expectService()
  },
)

const body = call('1')

/** A call with more in its head; the whole answer, once the connection has ended. */
async function answerTo(head: string, sent: string = body): Promise<string> {
  const { socket, ended } = await openSocket()
  const accept = 'Accept: application/json, text/event-stream\r\nConnection: close'
  const length = `Content-Length: ${Buffer.byteLength(sent)}`
  socket.write(`POST /mcp HTTP/1.1\r\n${head}\r\n${accept}\r\n${length}\r\n\r\n${sent}`)
  return ended
}

test.each([
  ['a host', 'Host: localhost\r\nHost: evil.example', 403],
  ['an origin', 'Host: localhost\r\nOrigin: http://localhost\r\nOrigin: http://evil.example', 403],
  ['a length', 'Host: localhost\r\nContent-Length: 3', 400],
  ['a length beside chunks', 'Host: localhost\r\nTransfer-Encoding: chunked', 400],
])(
  'what comes twice and may have been read otherwise before is refused: %s',
  async (_name, head, status) => {
    expect(await answerTo(`${head}\r\nContent-Type: application/json`)).toMatch(
      new RegExp(`^HTTP/1.1 ${status} `),
    )
  },
)

test.each(['', 'Content-Type: text/plain', 'Content-Type: application/x-www-form-urlencoded'])(
  'what a form of a page can send is no call: %s',
  async (type) => {
    const head = ['Host: localhost', type].filter(Boolean).join('\r\n')
    expect(await answerTo(head)).toMatch(/^HTTP\/1\.1 415 /)
  },
)

test('a connection ends with a streamed answer where the client wants it to', async () => {
  const streamed = body.replace('"params":{', '"params":{"_meta":{"progressToken":1},')
  const answer = await answerTo('Host: localhost\r\nContent-Type: application/json', streamed)
  expect(answer).toMatch(/text\/event-stream/)
  expect(answer).toMatch(/connection: close/i)
})

test.each([
  ['HEAD', '/healthz', 200],
  ['HEAD', '/readyz', 200],
  ['PUT', '/mcp', 405],
  ['POST', '/tools', 405],
  ['HEAD', '/sse', 405],
  ['PUT', '/nothing', 404],
])('%s %s is answered with %i', async (method, path, status) => {
  const response = await fetch(new URL(path, server.url), { method })
  expect(response.status).toBe(status)
  expect(response.headers.has('allow')).toBe(status === 405)
})

test('what clients write about themselves, or wrongly, is neither obeyed nor logged', async () => {
  const before = server.stderr()
  const forged = '\u001b[31m\nvitrine: forged'
  const strange = await legacyCall(server.url, one, {
    meta: { 'io.modelcontextprotocol/clientInfo': { name: { toString: 1 }, version: 1 } },
  })
  expect(await strange.text()).toMatch(/"structuredContent":\{.*"rows":\[\[1\]\]/)
  const revision = { 'io.modelcontextprotocol/protocolVersion': forged }
  expect((await modernCall(server.url, one, { meta: revision })).status).toBe(400)
  expect((await modernCall(server.url, one, { headers: { 'mcp-method': 'x' } })).status).toBe(400)
  await expectService()
  expect(server.stderr()).toBe(before)
})

test('a connection that sends nothing, or half a request, is ended, also where there are thousands', async () => {
  const before = residentMegabytes()
  const silent = await openSockets(1500)
  const halves = await openSockets(400)
  for (const { socket } of halves)
    socket.write('POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{"a')
  expect(residentMegabytes() - before).toBeLessThan(200)
  await expectService()
  // More than are held at a time are turned away at once.
  const others = await openSockets(3100)
  for (const { socket } of others) socket.write('GET /healthz HTTP/1.1\r\n')
  await Promise.all([...silent, ...halves, ...others].map(({ ended }) => ended))
  expect(residentMegabytes() - before).toBeLessThan(250)
  await expectService()
}, 60_000)

/** Opens a stream that ends with the test. */
async function openStream(): Promise<number> {
  const gone = new AbortController()
  onTestFinished(() => gone.abort())
  return (await fetch(new URL('/sse', server.url), { signal: gone.signal })).status
}

test('streams of old clients are bounded, and those that end make room', async () => {
  const statuses = await Promise.all(Array.from({ length: 60 }, openStream))
  expect(statuses.filter((status) => status === 200)).toHaveLength(50)
  expect(statuses.filter((status) => status === 429)).toHaveLength(10)
  await expectService()
})

test('the stream of another session cannot be posted to by guessing', async () => {
  const guess = new URL('/messages?sessionId=00000000-0000-4000-8000-000000000000', server.url)
  const response = await fetch(guess, { method: 'POST', body: '{"jsonrpc":"2.0"}' })
  expect(response.status).toBe(400)
})
