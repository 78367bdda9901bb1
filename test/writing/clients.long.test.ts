import {
  Client,
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type Transport,
} from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { SSEClientTransport as SseV1 } from '@modelcontextprotocol/sdk/client/sse.js'
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js'
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { describe, expect, onTestFinished, test } from 'vitest'
import { legacyCall, modernCall } from '../support/http-server.ts'
import { serveHere } from '../support/serve-here.ts'
import { serverCommand } from '../support/serve.ts'
import { engines, type WritableDatabase, writeShopConfig } from '../support/writing.ts'

const [{ make }] = engines as [(typeof engines)[number]]
const more = 'http: { legacy_sse: true }'

interface Shop {
  readonly database: WritableDatabase
  readonly config: string
}

async function makeShop(): Promise<Shop> {
  const database = await make()
  return { database, config: writeShopConfig(database, { more }) }
}

const status = async ({ database }: Shop): Promise<unknown> =>
  (await database.rows('SELECT status FROM orders WHERE id = 1'))[0]?.[0]

type Said = { action: 'accept' | 'decline' | 'cancel'; content?: Record<string, string> }

/** Undefined for a client that has not said that it can ask. */
type Person = ((message: string) => Said) | undefined

interface Called {
  readonly isError?: boolean | undefined
  readonly structuredContent?: unknown
}

type Connect = (shop: Shop, person: Person) => Promise<(input: object) => Promise<Called>>

const call = { name: 'ship_order' }

const capabilities = (person: Person): object => (person === undefined ? {} : { elicitation: {} })

const v2 =
  (mode: 'legacy' | { pin: string }, transportOf: (shop: Shop) => Promise<Transport>): Connect =>
  async (shop, person) => {
    const options = { capabilities: capabilities(person), versionNegotiation: { mode } }
    const client = new Client({ name: 'test', version: '1' }, options)
    if (person !== undefined)
      client.setRequestHandler('elicitation/create', ({ params }) => person(params.message))
    await client.connect(await transportOf(shop))
    onTestFinished(() => client.close())
    return (input) => client.callTool({ ...call, arguments: { ...input } })
  }

const v1 =
  (transportOf: (shop: Shop) => Promise<StdioV1 | SseV1>): Connect =>
  async (shop, person) => {
    const options = { capabilities: capabilities(person) }
    const client = new ClientV1({ name: 'test', version: '1' }, options)
    if (person !== undefined)
      client.setRequestHandler(ElicitRequestSchema, ({ params }) => person(params.message))
    await client.connect(await transportOf(shop))
    onTestFinished(() => client.close())
    return (input) => client.callTool({ ...call, arguments: { ...input } }) as Promise<Called>
  }

const stdio = async ({ config }: Shop) => ({ ...serverCommand(config), stderr: 'ignore' }) as const
const urlOf = ({ config }: Shop): Promise<URL> => serveHere({ config })
const sseOf = async (shop: Shop): Promise<URL> => new URL('/sse', await urlOf(shop))

const modern = { pin: '2026-07-28' }
const clients: readonly (readonly [string, Connect])[] = [
  [
    '2026-07-28 over stdio',
    v2(modern, async (shop) => new StdioClientTransport(await stdio(shop))),
  ],
  [
    '2026-07-28 over HTTP',
    v2(modern, async (shop) => new StreamableHTTPClientTransport(await urlOf(shop))),
  ],
  [
    '2025-11-25 over stdio',
    v2('legacy', async (shop) => new StdioClientTransport(await stdio(shop))),
  ],
  [
    '2025-11-25 over HTTP+SSE',
    v2('legacy', async (shop) => new SSEClientTransport(await sseOf(shop))),
  ],
  ['the older client over stdio', v1(async (shop) => new StdioV1(await stdio(shop)))],
  ['the older client over HTTP+SSE', v1(async (shop) => new SseV1(await sseOf(shop)))],
]

const yes: Said = { action: 'accept', content: { decision: 'Do it' } }
const no: Said = { action: 'accept', content: { decision: 'Do not do it' } }

const codeOf = ({ structuredContent }: Called): unknown =>
  (structuredContent as { error?: { code?: string } }).error?.code

describe.each(clients)('%s', (_title, connect) => {
  test('asks its person, who is shown what runs, and is obeyed', async () => {
    const shop = await makeShop()
    const shown: string[] = []
    const said: Said[] = [yes, no, { action: 'decline' }, { action: 'cancel' }]
    const ship = await connect(shop, (message) => (shown.push(message), said.pop() ?? no))
    while (said.length > 1) {
      const answer = await ship({ id: 1 })
      expect([answer.isError, codeOf(answer)]).toEqual([true, 'not_confirmed'])
    }
    expect(await status(shop)).toBe('new')
    expect(await ship({ id: 1 })).toMatchObject({ structuredContent: { affected_rows: 1 } })
    expect(await status(shop)).toBe('shipped')
    expect(shown).toHaveLength(4)
    expect(shown[0]).toContain('UPDATE orders SET status = :status')
    expect(shown[0]).toContain('    id = 1\n    status = "shipped"\n')
  })

  test('without a person to ask is refused', async () => {
    const shop = await makeShop()
    const ship = await connect(shop, undefined)
    expect(codeOf(await ship({ id: 1 }))).toBe('not_confirmed')
    expect(await status(shop)).toBe('new')
  })
})

/** The last message of an answer, which may come as a stream. */
async function messageOf(
  response: Response,
): Promise<{ result: Called & { resultType?: string; requestState?: string } }> {
  const text = await response.text()
  const frames = [...text.matchAll(/^data: (.*)$/gm)]
  return JSON.parse(frames.at(-1)?.[1] ?? text) as never
}

test('an older client over HTTP has no way to be asked, whatever it sends along', async () => {
  const shop = await makeShop()
  const url = await urlOf(shop)
  const { result } = await messageOf(await legacyCall(url, ['ship_order', { id: 1 }]))
  expect(codeOf(result)).toBe('not_confirmed')
  expect(await status(shop)).toBe('new')
})

test('a client that declares forms in any way it may is asked; one that opens pages alone is not', async () => {
  const shop = await makeShop()
  const url = await urlOf(shop)
  const ask = async (elicitation: object | undefined) => {
    const meta = { 'io.modelcontextprotocol/clientCapabilities': elicitation && { elicitation } }
    return (
      await messageOf(
        await modernCall(url, ['ship_order', { id: 1 }], { meta: elicitation ? meta : {} }),
      )
    ).result
  }
  for (const declared of [{}, { form: {} }, { form: {}, url: {} }])
    expect((await ask(declared)).resultType).toBe('input_required')
  for (const declared of [undefined, { url: {} }])
    expect(codeOf(await ask(declared))).toBe('not_confirmed')
  expect(await status(shop)).toBe('new')
})

test('an answer without its state, or a state without its answer, is asked anew', async () => {
  const shop = await makeShop()
  const url = await urlOf(shop)
  const send = async (answered: object) => {
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': { elicitation: {} },
    }
    const params = { name: 'ship_order', arguments: { id: 1 }, _meta: meta, ...answered }
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/call',
        'mcp-name': 'ship_order',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
    })
    return (await messageOf(response)).result
  }
  const inputResponses = { confirm: yes }
  expect((await send({ inputResponses })).resultType).toBe('input_required')
  const { requestState } = await send({})
  expect((await send({ requestState })).resultType).toBe('input_required')
  expect(await status(shop)).toBe('new')
  expect((await send({ requestState, inputResponses })).structuredContent).toEqual({
    affected_rows: 1,
  })
  expect(codeOf(await send({ requestState, inputResponses }))).toBe('not_confirmed')
  expect(codeOf(await send({ requestState: 'made up', inputResponses }))).toBe('not_confirmed')
})

test('a list of tools says which of them change something', async () => {
  const shop = await makeShop()
  const response = await fetch(new URL('/tools', await urlOf(shop)))
  const { tools } = (await response.json()) as { tools: { name: string; annotations: object }[] }
  expect(tools.find(({ name }) => name === 'ship_order')?.annotations).toEqual({
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: false,
  })
  expect(tools.find(({ name }) => name === 'query_database')?.annotations).toMatchObject({
    readOnlyHint: true,
  })
})
