import { PassThrough } from 'node:stream'
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { App } from '../../dist/app/app.js'
import type { Actor } from '../../dist/base/actor.js'
import { createHostCheck } from '../../dist/edge/host.js'
import { createServerFactory } from '../../dist/server/create-server.js'
import { createToolsets } from '../../dist/server/toolsets.js'
import type { DeclaredSource } from '../../dist/tools/served-source.js'
import { listenOnHttp } from '../../dist/transports/http/listen.js'
import { openTestApp } from '../support/open.ts'
import { makeDatabase } from '../support/scratch.ts'

const ignore = (): void => undefined

function open() {
  const app = openTestApp(makeDatabase('SELECT 1'))
  const toolsetOf = createToolsets(app)
  const { name, callTool, lists, resourceChanges } = app
  const parts = { name, callTool, lists, resourceChanges, toolsetOf, onError: ignore }
  return { app, parts, createServer: createServerFactory(parts) }
}

/** Another source: every tool asks which from now on. */
function addSource({ sources, lists }: App): void {
  const [first] = [...sources.values()]
  const all = sources as Map<string, DeclaredSource>
  if (first !== undefined) all.set('other', { ...first, name: 'other' })
  lists.tell(['tools'])
}

const meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
}
const listenTo = {
  jsonrpc: '2.0',
  id: 1,
  method: 'subscriptions/listen',
  params: { _meta: meta, notifications: { toolsListChanged: true } },
}
const initialize = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'raw', version: '1' },
  },
}

const changed = '"method":"notifications/tools/list_changed"'

/** What one client over stdio sends, and all that it is told. */
function connect(createServer: ReturnType<typeof open>['createServer'], actor: Actor) {
  const [input, output] = [new PassThrough(), new PassThrough()]
  let told = ''
  output.on('data', (part: Buffer) => (told += part.toString()))
  const transport = new StdioServerTransport(input, output)
  const handle = serveStdio(() => createServer({ actor, transport: 'stdio' }), { transport })
  onTestFinished(() => handle.close())
  return {
    send: (message: object) => void input.write(`${JSON.stringify(message)}\n`),
    told: () => told,
    heard: (text: string) => vi.waitFor(() => expect(told).toContain(text), 10_000),
  }
}

test('a client over stdio is told when its list is another one, and not when it is not', async () => {
  const { app, createServer } = open()
  const client = connect(createServer, app.localActor)
  client.send(initialize)
  await client.heard('"tools":{"listChanged":true}')
  client.send({ jsonrpc: '2.0', method: 'notifications/initialized' })
  app.lists.tell(['tools'])
  app.lists.tell(['resources', 'prompts'])
  client.send({ jsonrpc: '2.0', id: 2, method: 'ping' })
  await client.heard('"id":2')
  expect(client.told()).not.toContain(changed)
  addSource(app)
  await client.heard(changed)
  client.send({ jsonrpc: '2.0', id: 3, method: 'tools/list' })
  await client.heard('"enum":["main","other"]')
  expect(client.told().split(changed)).toHaveLength(2)
})

test('a client of 2026-07-28 over stdio is told where it listens', async () => {
  const { app, createServer } = open()
  const client = connect(createServer, app.localActor)
  client.send(listenTo)
  await client.heard('notifications/subscriptions/acknowledged')
  expect(client.told()).toContain('"toolsListChanged":true')
  addSource(app)
  await client.heard(changed)
})

async function serve(legacySse = false) {
  const { app, parts, createServer } = open()
  const door = await app.createDoor(ignore)
  // Whoever comes by that name is shown one of the sources.
  const admit: typeof door.admit = async (arrival) => {
    const actor = await door.admit(arrival)
    const sources = arrival.header('x-sources')?.split(',')
    return sources === undefined ? actor : { ...actor, id: 'narrow', sources }
  }
  const listener = await listenOnHttp({
    ...parts,
    groups: () => app.groups,
    host: '127.0.0.1',
    port: 0,
    door: { ...door, admit },
    createServer,
    checkHost: createHostCheck({ hosts: [], origins: [] }),
    legacySse,
    prefix: '',
    readiness: async () => ({ isReady: true, status: 'ready' }),
    whenIdle: async () => undefined,
    onRefused: ignore,
    onAnswered: ignore,
  })
  onTestFinished(() => listener.close())
  return { app, url: `http://127.0.0.1:${listener.port}` }
}

/** All that a stream has brought so far. */
async function read(response: Response): Promise<() => string> {
  let text = ''
  const body = response.body?.pipeThrough(new TextDecoderStream())
  void (async () => {
    for await (const part of body ?? []) text += part
  })().catch(ignore)
  return () => text
}

const post = (url: string, message: object, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify(message),
  })

test('a client over HTTP that listens is told of changes in its own list', async () => {
  const { app, url } = await serve()
  const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'subscriptions/listen' }
  const all = await read(await post(`${url}/mcp`, listenTo, headers))
  const narrow = await read(await post(`${url}/mcp`, listenTo, { ...headers, 'x-sources': 'main' }))
  for (const stream of [all, narrow])
    await vi.waitFor(() => expect(stream()).toContain('acknowledged'), 10_000)
  app.lists.tell(['tools'])
  addSource(app)
  await vi.waitFor(() => expect(all()).toContain(changed), 10_000)
  expect(all().split(changed)).toHaveLength(2)
  expect(narrow()).not.toContain(changed)
})

test('a client of HTTP+SSE is told over its stream', async () => {
  const { app, url } = await serve(true)
  const stream = await read(await fetch(`${url}/sse`))
  await vi.waitFor(() => expect(stream()).toContain('sessionId='), 10_000)
  const [, endpoint = ''] = /data: (\S+)/.exec(stream()) ?? []
  await post(`${url}${endpoint}`, initialize)
  await vi.waitFor(() => expect(stream()).toContain('"listChanged":true'), 10_000)
  await post(`${url}${endpoint}`, { jsonrpc: '2.0', method: 'notifications/initialized' })
  addSource(app)
  await vi.waitFor(() => expect(stream()).toContain(changed), 10_000)
})
