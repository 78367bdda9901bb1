import { join } from 'node:path'
import {
  Client,
  SSEClientTransport,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { SSEClientTransport as SseV1 } from '@modelcontextprotocol/sdk/client/sse.js'
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { WhenDone } from '../../dist/testing/index.js'
import { legacyCall, modernCall } from '../support/http-server.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { serveHere } from '../support/serve-here.ts'
import { RawServer, toolNames } from '../support/serve.ts'
import { shared } from '../support/shared.ts'

const shop =
  "CREATE TABLE orders(id INTEGER PRIMARY KEY, status TEXT); INSERT INTO orders VALUES (1, 'paid')"
const paid = { rows: [[1, 'paid']], row_count: 1 }
const question = {
  name: 'query_database',
  arguments: { query: 'SELECT * FROM orders' },
} as const

/** A server for clients of every age, over one database; a call has the time of three reports of progress. */
const shareServer = shared(async (_: 'server', whenDone) => {
  const database = makeDatabase(shop, join(scratchFolder(whenDone), 'shop.db'))
  const source = { url: `sqlite:${database}`, limits: { timeout: '3300ms' } }
  const config = { sources: { shop: source }, http: { legacy_sse: true } }
  return { database, url: await serveHere({ config }, whenDone) }
})

async function withV2(
  transport: StreamableHTTPClientTransport | SSEClientTransport,
  mode: 'auto' | 'legacy' | { pin: string },
  whenDone: WhenDone = onTestFinished,
): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } })
  await client.connect(transport)
  whenDone(() => client.close())
  return client
}

async function withV1(transport: HttpV1 | SseV1): Promise<ClientV1> {
  const client = new ClientV1({ name: 'test', version: '1' })
  await client.connect(transport)
  onTestFinished(() => client.close())
  return client
}

/** Lists, asks, and gives the answer. */
const ask = async (client: Client | ClientV1): Promise<unknown> => {
  const { tools } = await client.listTools()
  expect(tools.map(({ name }) => name)).toEqual(toolNames)
  const { structuredContent } = await client.callTool(question)
  return structuredContent
}

test('old and new clients work side by side, on every transport', async () => {
  const { database, url } = await shareServer('server')
  const sse = new URL('/sse', url)
  const stdio = new RawServer(database)
  await stdio.initialize()
  const clients = await Promise.all([
    withV2(new StreamableHTTPClientTransport(url), { pin: '2026-07-28' }),
    withV2(new StreamableHTTPClientTransport(url), 'auto'),
    withV2(new StreamableHTTPClientTransport(url), 'legacy'),
    withV2(new SSEClientTransport(sse), 'legacy'),
    withV1(new HttpV1(url)),
    withV1(new SseV1(sse)),
  ])
  const answers = await Promise.all([...clients, ...clients].map(ask))
  for (const answer of answers) expect(answer).toMatchObject(paid)
  expect(await stdio.query(1, 'SELECT * FROM orders')).toMatchObject({
    result: { structuredContent: paid },
  })
})

test.each([
  ['2026-07-28', modernCall],
  ['the revisions before', legacyCall],
])('a call of %s needs no handshake, and its answer is one JSON body', async (_name, call) => {
  const { url } = await shareServer('server')
  const response = await call(url, ['query_database', { query: 'SELECT * FROM orders' }])
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(await response.json()).toMatchObject({ id: 1, result: { structuredContent: paid } })
})

test('the tools are given as plain JSON to agents that only do function calling', async () => {
  const { url } = await shareServer('server')
  const { tools } = (await (await fetch(new URL('/tools', url))).json()) as {
    tools: { name: string; inputSchema: object }[]
  }
  expect(tools.map(({ name }) => name)).toEqual(toolNames)
  expect(tools[0]?.inputSchema).toMatchObject({ type: 'object', required: ['query'] })
})

const modes: readonly (readonly [string, 'legacy' | { pin: string }])[] = [
  ['2026-07-28', { pin: '2026-07-28' }],
  ['an older revision', 'legacy'],
]

describe.concurrent('progress arrives', () => {
  test.for(modes)('while a query runs, over %s', async ([name, mode], { onTestFinished: done }) => {
    const { url } = await shareServer('server')
    const client = await withV2(new StreamableHTTPClientTransport(url), mode, done)
    const query = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*), '${name}' FROM n`
    const seen: number[] = []
    const { structuredContent } = await client.callTool(
      { name: 'query_database', arguments: { query } },
      { onprogress: ({ progress }) => void seen.push(progress) },
    )
    const { job } = structuredContent as { job: { id: string } }
    expect(job).toMatchObject({ status: 'running' })
    expect(seen.slice(0, 3)).toEqual([1, 2, 3])
    await client.callTool({ name: 'cancel_job', arguments: { job_id: job.id } })
  })
})
