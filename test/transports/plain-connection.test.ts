import { EventEmitter, once } from 'node:events'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/server'
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import fc from 'fast-check'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createServerFactory } from '../../dist/server/create-server.js'
import { PlainConnection } from '../../dist/server/plain-connection.js'
import { handshakeRevisions } from '../../dist/server/plain-request.js'
import { createToolsets } from '../../dist/server/toolsets.js'
import type { DeclaredSource } from '../../dist/tools/served-source.js'
import { listenOnStdio } from '../../dist/transports/stdio.js'
import { type Change, openTestApp } from '../support/open.ts'
import { makeDatabase } from '../support/scratch.ts'

const ignore = (): void => undefined

interface Message {
  readonly id?: unknown
  readonly method?: string
  readonly result?: unknown
  readonly error?: unknown
}

/** What one client sends, and all that it is told. */
class Client {
  readonly input = new PassThrough()
  readonly output = new PassThrough()
  readonly told: Message[] = []
  readonly #heard = new EventEmitter()

  constructor() {
    createInterface({ input: this.output }).on('line', (line) => {
      const message = JSON.parse(line) as Message
      this.told.push(message)
      if (message.method === undefined) this.#heard.emit(String(message.id))
    })
  }

  send(...messages: readonly object[]): void {
    for (const message of messages) this.input.write(`${JSON.stringify(message)}\n`)
  }

  /** Ids are asked for once. */
  async answer(id: unknown): Promise<Message> {
    const signal = AbortSignal.timeout(20_000)
    const known = (): Message | undefined =>
      this.told.find((one) => one.id === id && one.method === undefined)
    if (known() === undefined) await once(this.#heard, String(id), { signal })
    return known() ?? {}
  }
}

function open(change: Change = {}) {
  const app = openTestApp(makeDatabase('CREATE TABLE t(a); INSERT INTO t VALUES (1)'), change)
  const { name, callTool, lists, resourceChanges, localActor: actor } = app
  const toolsetOf = createToolsets(app)
  const parts = { name, callTool, toolsetOf, lists, resourceChanges, onError: ignore }
  const createServer = createServerFactory(parts)
  const peer = { actor, transport: 'stdio' } as const
  let loaded = 0
  return {
    app,
    loaded: () => loaded,
    /** As it is served: the library on need. */
    short: () => {
      const client = new Client()
      const ending = new AbortController()
      const listening = listenOnStdio(
        {
          openPlain: (send) => new PlainConnection(parts, peer, send),
          loadLibrary: async () => {
            loaded += 1
            return () => createServer(peer)
          },
        },
        { stdin: client.input, stdout: client.output, signal: ending.signal, onError: ignore },
      )
      const close = async (): Promise<void> => {
        ending.abort()
        await listening
      }
      onTestFinished(close)
      return Object.assign(client, { close })
    },
    /** All through the library. */
    long: () => {
      const client = new Client()
      const transport = new StdioServerTransport(client.input, client.output)
      const handle = serveStdio(() => createServer(peer), { transport })
      onTestFinished(() => handle.close())
      return Object.assign(client, { close: () => handle.close() })
    },
  }
}

const request = (id: number, method: string, params?: object): object => ({
  jsonrpc: '2.0',
  id,
  method,
  ...(params && { params }),
})

const initialize = (more: object = {}): object =>
  request(0, 'initialize', {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'raw', version: '1' },
    ...more,
  })
const initialized = { jsonrpc: '2.0', method: 'notifications/initialized' }
const endless = `WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i) SELECT count(*) FROM i`
const select = { name: 'query_database', arguments: { query: 'SELECT a FROM t' } }

test('the revisions with a handshake are those of the protocol library', () => {
  expect(handshakeRevisions).toEqual(SUPPORTED_PROTOCOL_VERSIONS)
})

test('handshake, list and calls need no library; what else is asked wakes it, and it knows of the handshake', async () => {
  const { short, loaded } = open()
  const client = short()
  client.send(initialize(), initialized, request(1, 'tools/list'), request(2, 'tools/call', select))
  expect(await client.answer(2)).toMatchObject({ result: { structuredContent: { rows: [[1]] } } })
  expect(loaded()).toBe(0)
  client.send(request(3, 'resources/list'), request(4, 'prompts/list'))
  expect(await client.answer(3)).toMatchObject({ result: { resources: expect.any(Array) } })
  expect(await client.answer(4)).toMatchObject({ result: { prompts: expect.any(Array) } })
  expect(loaded()).toBe(1)
  client.send(request(5, 'tools/call', select))
  await client.answer(5)
  expect(client.told).toHaveLength(6)
})

test('a call that is cancelled ends, and is not answered', async () => {
  const { short } = open()
  const client = short()
  const asked = Date.now()
  client.send(initialize(), initialized)
  client.send(request(1, 'tools/call', { name: 'query_database', arguments: { query: endless } }))
  client.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } })
  client.send(request(2, 'tools/call', select))
  await client.answer(2)
  expect(Date.now() - asked).toBeLessThan(15_000)
  expect(client.told.some(({ id }) => id === 1)).toBe(false)
})

test('a client that asks for progress is told that its call still runs', async () => {
  const { short, loaded } = open({ limits: { timeoutMs: 1200 } })
  const client = short()
  client.send(initialize(), initialized)
  const params = {
    name: 'query_database',
    arguments: { query: endless },
    _meta: { progressToken: 'p' },
  }
  client.send(request(1, 'tools/call', params))
  expect(await client.answer(1)).toMatchObject({ result: { isError: true } })
  const [told] = client.told.filter((one) => one.method === 'notifications/progress')
  expect(told).toMatchObject({
    params: { progressToken: 'p', progress: 1, message: 'Running for 1 s' },
  })
  expect(loaded()).toBe(0)
})

test('a client is told of another list before the library is there, and after it is', async () => {
  const { app, short } = open()
  const client = short()
  client.send(initialize(), initialized)
  await client.answer(0)
  const addSource = (name: string): void => {
    const [first] = [...app.sources.values()]
    const all = app.sources as Map<string, DeclaredSource>
    if (first !== undefined) all.set(name, { ...first, name })
    app.lists.tell(['tools'])
  }
  const changes = () => client.told.filter((one) => one.method?.endsWith('list_changed')).length
  addSource('second')
  await vi.waitFor(() => expect(changes()).toBe(1), 10_000)
  client.send(request(1, 'prompts/list'))
  await client.answer(1)
  addSource('third')
  await vi.waitFor(() => expect(changes()).toBe(2), 10_000)
  client.send(request(2, 'tools/list'))
  expect(JSON.stringify(await client.answer(2))).toContain('"enum":["main","second","third"]')
})

/** Mostly right, so that many are plain. */
const mostly = (right: unknown, ...others: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 5 * others.length, arbitrary: fc.constant(right) },
    ...others.map((other) => fc.constant(other)),
  )

const handshakes = fc.record({
  protocolVersion: mostly('2025-06-18', '2025-11-25', '2024-11-05', '1999-01-01', '2026-07-28', 5),
  capabilities: mostly(
    {},
    { roots: { listChanged: true } },
    { roots: { listChanged: 5 } },
    { elicitation: {} },
    { elicitation: { form: {}, url: {} } },
    { elicitation: { form: 5 } },
    { elicitation: 5 },
    { sampling: {} },
    { sampling: { tools: {}, context: [] } },
    { tasks: { list: {} } },
    { experimental: { a: { b: [1] } } },
    { extensions: { 'io.modelcontextprotocol/tasks': {} } },
    { extensions: 'x' },
    { unknown: 5 },
    [],
    undefined,
  ),
  clientInfo: mostly(
    { name: 'x', version: '1' },
    { name: 'x', version: '1', title: 'X', websiteUrl: 'no url', more: 'y' },
    { name: 'x', version: '1', icons: [{ src: 'x' }] },
    { name: 'x', version: '1', icons: 'x' },
    { name: 'x' },
    undefined,
  ),
  _meta: mostly(undefined, {}, { progressToken: 1 }),
  more: mostly(undefined, 5),
})

const requests = fc.record({
  method: fc.constantFrom(
    'tools/call',
    'tools/call',
    'tools/list',
    'ping',
    'prompts/list',
    'nothing',
  ),
  params: fc.oneof(
    { weight: 1, arbitrary: fc.constant(undefined) },
    {
      weight: 6,
      arbitrary: fc.record({
        name: mostly('query_database', 'get_schema', 'no_such_tool', 5, undefined),
        arguments: mostly(
          { query: 'SELECT a FROM t' },
          { query: 'DROP TABLE t' },
          {},
          [],
          undefined,
        ),
        _meta: mostly(
          undefined,
          { traceparent: 'x' },
          { progressToken: 'p' },
          {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          },
        ),
        cursor: mostly(undefined, 'x', 5),
        task: mostly(undefined, { ttl: 5 }),
      }),
    },
  ),
})

test('the short way answers as the protocol library does, from the handshake on', async () => {
  const { short, long, loaded } = open()
  let asked = 0
  await fc.assert(
    fc.asyncProperty(handshakes, fc.array(requests, { maxLength: 4 }), async (hello, more) => {
      asked += 1
      const sent = [
        request(0, 'initialize', hello),
        initialized,
        ...more.map(({ method, params }, index) =>
          request(index + 1, method, params as object | undefined),
        ),
      ]
      const [one, other] = [short(), long()]
      for (const client of [one, other]) client.send(...sent)
      for (let id = 0; id <= more.length; id++) {
        const [answer, expected] = await Promise.all([one.answer(id), other.answer(id)])
        expect(withoutTimes(answer)).toEqual(withoutTimes(expected))
      }
      await Promise.all([one.close(), other.close()])
    }),
    { numRuns: 120 },
  )
  // Both ways were gone.
  expect(loaded()).toBeGreaterThan(10)
  expect(asked - loaded()).toBeGreaterThan(10)
}, 60_000)

/** What two answers to the same question differ in anyway. */
const withoutTimes = (answer: Message): unknown =>
  JSON.parse(
    JSON.stringify(answer).replaceAll(/(\\?"(?:elapsed_ms|took_ms|age_s|ms)\\?":)[\d.]+/g, '$10'),
  )
