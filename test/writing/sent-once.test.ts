import { createServer, type AddressInfo, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openBilling, startChangedApi } from '../support/changed-api.ts'
import type { WritingApp } from '../support/writing.ts'

const cancelTool = `
  cancel:
    description: Cancels a refund.
    source: billing
    effect: write
    request: POST /cancel
    parameters: { id: { type: integer } }
    select: 'id'
`

const open = (url: string, source = '') => openBilling(url, { source, tools: cancelTool })

interface Failed {
  readonly code: string
  readonly message: string
  readonly retryAfterMs?: number
}

/** What a confirmed call ends with. */
async function send({ call }: WritingApp, signal?: AbortSignal): Promise<unknown> {
  const { question } = await call('cancel', { id: 1 })
  const response = { state: question?.state ?? '', decision: 'accepted' } as const
  return call('cancel', { id: 1 }, { asking: { response }, ...(signal && { signal }) }).then(
    ({ answer }) => answer,
    ({ code, message, retryAfterMs }: Failed) => ({
      code,
      message,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    }),
  )
}

/** A server of bare sockets. */
async function startSockets(onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    onSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return (server.address() as AddressInfo).port
}

const unknown = { code: 'outcome_unknown', message: expect.stringMatching(/done or not/) as string }
const unsent = (code: string) => ({
  code,
  message: expect.stringMatching(/Nothing was sent\.$/) as string,
})

describe('before it is sent', () => {
  test('an API that is not there is unavailable, and nothing was sent', async () => {
    expect(await send(await open('http://127.0.0.1:1'))).toEqual(unsent('source_unavailable'))
  })

  test('a connection that ends before TLS stands is one on which nothing was sent', async () => {
    const received: Buffer[] = []
    const port = await startSockets((socket) =>
      socket.on('data', (data) => {
        received.push(data)
        socket.destroy()
      }),
    )
    expect(await send(await open(`https://127.0.0.1:${port}`))).toEqual(
      unsent('source_unavailable'),
    )
    expect(received).toHaveLength(1)
    expect(Buffer.concat(received).toString('latin1')).not.toMatch(/POST|sesame/)
  })

  test('one that never comes to stand ends in its time', async () => {
    const port = await startSockets(() => undefined)
    const app = await open(`https://127.0.0.1:${port}`, '    limits: { timeout: 300ms }')
    expect(await send(app)).toEqual(unsent('timed_out'))
  })

  test('a call that was cancelled sends nothing', async () => {
    const api = await startChangedApi()
    const outcome = await send(await open(api.url), AbortSignal.abort())
    expect(outcome).toMatchObject({ code: 'cancelled' })
    expect(api.received).toEqual([])
  })

  test('an address that is closed is not connected to', async () => {
    const api = await startChangedApi()
    const app = await openBilling(api.url, { tools: cancelTool, source: '' })
    expect(app.app.tools.some(({ name }) => name === 'cancel')).toBe(true)
    const closed = await open(api.url.replace('127.0.0.1', '169.254.169.254'))
    expect(await send(closed)).toMatchObject({ code: 'source_unavailable' })
    expect(api.received).toEqual([])
  })
})

describe('once it is sent', () => {
  test('a connection that is lost leaves nobody knowing, and it is not sent again', async () => {
    const api = await startChangedApi((response) => response.destroy())
    expect(await send(await open(api.url))).toEqual(unknown)
    expect(api.received).toHaveLength(1)
  })

  test('so does one that ends in the middle of the head of its answer', async () => {
    let connections = 0
    const port = await startSockets((socket) => {
      connections += 1
      socket.once('data', () => socket.end('HTTP/1.1 201 Crea'))
    })
    expect(await send(await open(`http://127.0.0.1:${port}`))).toEqual(unknown)
    expect(connections).toBe(1)
  })

  test('so does an answer that does not come in time', async () => {
    const api = await startChangedApi(() => undefined)
    const app = await open(api.url, '    limits: { timeout: 1500ms }')
    expect(await send(app)).toEqual(unknown)
    expect(api.received).toHaveLength(1)
  })

  test('so does a cancel', async () => {
    const ending = new AbortController()
    const api = await startChangedApi(() => ending.abort())
    expect(await send(await open(api.url), ending.signal)).toEqual(unknown)
    expect(api.received).toHaveLength(1)
  })

  test.each([500, 501, 502, 503, 504])('so does HTTP %i, whatever it says', async (status) => {
    const api = await startChangedApi((response) =>
      response
        .writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' })
        .end('{"message":"later"}'),
    )
    const { code, message } = (await send(await open(api.url))) as Failed
    expect(code).toBe('outcome_unknown')
    expect(message).toMatch(/done or not: the API failed \(HTTP 50\d\)\. It says: later$/)
    expect(api.received).toHaveLength(1)
  })

  test.each([
    [400, 'invalid_input'],
    [401, 'not_allowed'],
    [403, 'not_allowed'],
    [404, 'not_found'],
    [409, 'query_failed'],
    [422, 'invalid_input'],
    [429, 'too_busy'],
  ])('HTTP %i says that it was not done, once', async (status, code) => {
    const api = await startChangedApi((response) =>
      response
        .writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' })
        .end('{"message":"no"}'),
    )
    expect(await send(await open(api.url))).toMatchObject({
      code,
      message: expect.stringContaining('no') as string,
    })
    expect(api.received).toHaveLength(1)
  })

  test.each([
    [301, 'outcome_unknown'],
    [302, 'outcome_unknown'],
    [303, 'outcome_unknown'],
    [307, 'query_failed'],
    [308, 'query_failed'],
  ])('HTTP %i is not followed, wherever it leads', async (status, code) => {
    const elsewhere = await startChangedApi()
    for (const to of ['/v2/other', `${elsewhere.url}/v2/other`]) {
      const api = await startChangedApi((response) =>
        response.writeHead(status, { location: to }).end(),
      )
      const app = await open(api.url, `    hosts: ['https://files.example']`)
      expect(await send(app)).toMatchObject({ code })
      expect(api.received).toHaveLength(1)
    }
    expect(elsewhere.received).toEqual([])
  })

  const unread = { status: 201, data: null, hint: expect.stringContaining('It was done') as string }

  test.each([
    ['ends too soon', '{"id":', { 'content-length': '900' }],
    ['is not what is selected from', 'a page', { 'content-type': 'text/html' }],
    ['is no JSON', '{"id":', { 'content-type': 'application/json' }],
    ['is larger than is read', `{"id":"${'x'.repeat(20_000)}"}`, {}],
    ['is packed wrongly', 'no gzip', { 'content-encoding': 'gzip' }],
  ])('an answer that %s changes nothing about what was done', async (_what, body, headers) => {
    const api = await startChangedApi((response) => {
      response.writeHead(201, headers).write(body)
      setImmediate(() => ('content-length' in headers ? response.destroy() : response.end()))
    })
    const app = await open(api.url, '    limits: { response: 10kB }')
    expect(await send(app)).toMatchObject(unread)
  })

  test('no content is an answer', async () => {
    const api = await startChangedApi((response) => response.writeHead(204).end())
    expect(await send(await open(api.url))).toEqual({ status: 204, data: null, truncated: false })
  })

  test('each has a connection of its own, in its turn', async () => {
    const ports: (number | undefined)[] = []
    const api = await startChangedApi((response) => {
      ports.push(response.socket?.remotePort)
      response.writeHead(200).end('{"id":1}')
    })
    const app = await open(api.url, '    limits: { concurrent: 1 }')
    const answers = await Promise.all([send(app), send(app), send(app)])
    expect(answers.map((one) => (one as { status: number }).status)).toEqual([200, 200, 200])
    expect(new Set(ports).size).toBe(3)
  })
})
