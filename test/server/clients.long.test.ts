import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/stdio.js'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeDatabase } from '../support/scratch.ts'
import { serverCommand, toolNames } from '../support/serve.ts'

const shop =
  "CREATE TABLE orders(id INTEGER PRIMARY KEY, status TEXT); INSERT INTO orders VALUES (1, 'paid')"
const paid = {
  columns: ['id', 'status'],
  types: ['integer', 'text'],
  rows: [[1, 'paid']],
  row_count: 1,
  truncated: false,
}

interface AnyClient {
  listTools(): Promise<{ tools: { name: string; annotations?: object | undefined }[] }>
  callTool(params: { name: string; arguments: Record<string, unknown> }): Promise<unknown>
  getInstructions(): string | undefined
  close(): Promise<void>
}

async function connectV2(mode: 'auto' | 'legacy' | { pin: string }): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } })
  await client.connect(
    new StdioClientTransport({ ...serverCommand(makeDatabase(shop)), stderr: 'ignore' }),
  )
  onTestFinished(() => client.close())
  return client
}

async function connectV1(): Promise<ClientV1> {
  const client = new ClientV1({ name: 'test', version: '1' })
  await client.connect(new TransportV1({ ...serverCommand(makeDatabase(shop)), stderr: 'ignore' }))
  onTestFinished(() => client.close())
  return client
}

describe.each<[string, () => Promise<AnyClient>]>([
  ['the current client, protocol 2026-07-28', () => connectV2({ pin: '2026-07-28' })],
  ['the current client, negotiating', () => connectV2('auto')],
  ['the current client, an older protocol', () => connectV2('legacy')],
  ['the client before it', () => connectV1() as Promise<unknown> as Promise<AnyClient>],
])('%s', (_name, connect) => {
  test('lists the tools, asks, is answered, and is told of mistakes', async () => {
    const client = await connect()
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(toolNames)
    expect(tools[0]?.annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false })
    expect(client.getInstructions()).toMatch(/Read-only access to test \(sqlite\)/)
    const answer = await client.callTool({
      name: 'query_database',
      arguments: { query: 'SELECT * FROM orders' },
    })
    expect(answer).toMatchObject({
      structuredContent: paid,
      content: [{ type: 'text', text: JSON.stringify(paid) }],
    })
    const refused = await client.callTool({
      name: 'query_database',
      arguments: { query: 'DELETE FROM orders' },
    })
    expect(refused).toMatchObject({
      isError: true,
      structuredContent: { error: { code: 'statement_refused', retryable: false } },
    })
    await expect(client.callTool({ name: 'drop_database', arguments: {} })).rejects.toThrow(
      /no tool drop_database/,
    )
  })
})

test('the current protocol is spoken where both can', async () => {
  const client = await connectV2('auto')
  expect(client.getNegotiatedProtocolVersion()).toBe('2026-07-28')
})

test('a call that the client cancels ends the statement', async () => {
  const client = await connectV2({ pin: '2026-07-28' })
  const cancel = new AbortController()
  const endless =
    'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n'
  const call = client.callTool(
    { name: 'query_database', arguments: { query: endless } },
    { signal: cancel.signal },
  )
  setTimeout(() => cancel.abort(), 300)
  await expect(call).rejects.toThrow(/abort/i)
  const answer = await client.callTool({
    name: 'query_database',
    arguments: { query: 'SELECT * FROM orders' },
  })
  expect(answer.structuredContent).toEqual(paid)
})
