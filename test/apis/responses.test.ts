import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { failureOf, get, openApi } from '../support/api.ts'
import { json, startApi } from '../support/api-server.ts'

/** Something that will have happened. */
function deferred(): { promise: Promise<void>; resolve: () => void } {
  const settling: { resolve?: () => void } = {}
  const promise = new Promise<void>((settle) => (settling.resolve = settle))
  return { promise, resolve: () => settling.resolve?.() }
}

const packBr = (body: Buffer | string): Buffer =>
  brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } })

test.each([
  ['gzip', gzipSync],
  ['br', packBr],
])('a body that is packed with %s is unpacked', async (encoding, pack) => {
  const server = await startApi((_request, response) => {
    response.writeHead(200, { 'content-encoding': encoding }).end(pack('{"a":1}'))
  })
  expect(String((await get(openApi(server.url))).body)).toBe('{"a":1}')
})

test.each([
  ['gzip', gzipSync],
  ['br', packBr],
])('a small body in %s that stands for a huge one ends at its limit', async (encoding, pack) => {
  const bomb = pack(Buffer.alloc(100_000_000))
  expect(bomb.length).toBeLessThan(200_000)
  const server = await startApi((_request, response) => {
    response.writeHead(200, { 'content-encoding': encoding }).end(bomb)
  })
  const before = process.memoryUsage().arrayBuffers
  const found = await failureOf(get(openApi(server.url)))
  expect(found).toMatchObject({ code: 'result_too_large' })
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60_000_000)
})

test('a body that announces more than its limit is not read', async () => {
  const server = await startApi((_request, response) => {
    response.writeHead(200, { 'content-length': 100_000_000 })
    response.write(Buffer.alloc(1000))
  })
  expect(await failureOf(get(openApi(server.url)))).toMatchObject({
    code: 'result_too_large',
    message: "The API's response is larger than the 5000000 bytes that are read.",
  })
})

test('a body that goes on is read to its limit, and its connection closed', async () => {
  let sent = 0
  const closed = deferred()
  const server = await startApi((_request, response) => {
    const chunk = Buffer.alloc(64_000)
    const write = (): void => {
      while (!response.destroyed && response.write(chunk)) sent += chunk.length
      sent += chunk.length
    }
    response.on('drain', write).on('close', closed.resolve)
    write()
  })
  const limits = { responseBytes: 1_000_000 }
  expect(await failureOf(get(openApi(server.url, { limits })))).toMatchObject({
    code: 'result_too_large',
  })
  await closed.promise
  // What fits into the buffers of both ends comes on top.
  expect(sent).toBeLessThan(40_000_000)
})

test('a body that drips ends with the time of its call', async () => {
  const closed = deferred()
  const server = await startApi((_request, response) => {
    response.write('{')
    const timer = setInterval(() => response.write(' '), 20)
    response.on('close', () => {
      clearInterval(timer)
      closed.resolve()
    })
  })
  const found = await failureOf(get(openApi(server.url, { limits: { timeoutMs: 300 } })))
  expect(found).toMatchObject({
    code: 'timed_out',
    message: 'The API did not answer within 0.3 s.',
  })
  await closed.promise
})

test('a call that is cancelled closes its connection', async () => {
  const [asked, closed] = [deferred(), deferred()]
  const server = await startApi((request) => {
    request.on('close', closed.resolve)
    asked.resolve()
  })
  const controller = new AbortController()
  const answer = failureOf(get(openApi(server.url), '/', controller.signal))
  await asked.promise
  controller.abort()
  expect(await answer).toMatchObject({ code: 'cancelled' })
  await closed.promise
})

test('a call that was cancelled before it began asks nothing', async () => {
  const server = await startApi(json({}))
  expect(await failureOf(get(openApi(server.url), '/', AbortSignal.abort()))).toMatchObject({
    code: 'cancelled',
  })
  expect(server.asked).toEqual([])
})

test.each([
  ['gzip', 'no gzip'],
  ['br', 'no brotli, and long enough to be looked at'],
  ['compress', 'what nobody asked for'],
])('a body that is not packed with %s as it says is refused', async (encoding, body) => {
  const server = await startApi((_request, response) => {
    response.writeHead(200, { 'content-encoding': encoding }).end(body)
  })
  expect(await failureOf(get(openApi(server.url)))).toMatchObject({ code: 'query_failed' })
})

test('what is no HTTP is told as an API that cannot be reached, and nothing of what it said', async () => {
  const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9 secret\r\n'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const found = await failureOf(get(openApi(`http://127.0.0.1:${port}`)))
  expect(found).toMatchObject({ code: 'source_unavailable', message: 'The API cannot be reached.' })
  expect(JSON.stringify(found)).not.toMatch(/OpenSSH/)
})

test('no more connections are open at once than the config says', async () => {
  let [open, most] = [0, 0]
  const server = await startApi((_request, response) => {
    open += 1
    most = Math.max(most, open)
    setTimeout(() => {
      open -= 1
      response.end()
    }, 20)
  })
  const api = openApi(server.url, { limits: { concurrency: 2 } })
  await Promise.all(Array.from({ length: 10 }, () => get(api)))
  expect(most).toBe(2)
})

test('a connection is used again', async () => {
  const ports = new Set<number | undefined>()
  const server = await startApi((request, response) => {
    ports.add(request.socket.remotePort)
    response.end('{}')
  })
  const api = openApi(server.url)
  for (let count = 0; count < 5; count++) await get(api)
  expect(ports.size).toBe(1)
})
