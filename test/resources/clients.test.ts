import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/stdio.js'
import type { Client } from '@modelcontextprotocol/client'
import { expect, onTestFinished, test } from 'vitest'
import {
  connectHere,
  connectHttp,
  connectSse,
  connectStdio,
  makeShop,
  modern,
  textOf,
} from '../support/offers.ts'
import { serveHere } from '../support/serve-here.ts'
import { serverCommand } from '../support/serve.ts'

const more = `resources:
  handbook: { folder: ./handbook, description: How we work }
  customer: { source: shop, table: customers, key: id }
http: { legacy_sse: true }
`
const files = {
  'handbook/refunds.md': '# Refunds',
  'handbook/prices/2026.csv': 'a,b\n',
  'handbook/photo.png': new Uint8Array([0x89, 0x50]),
}
const makeConfig = (): string => makeShop(more, files)

const overHttp = async (connect: (url: URL) => Promise<Client>): Promise<Client> =>
  connect(await serveHere({ config: makeConfig() }))

test.each<[string, () => Promise<Client>]>([
  ['2026-07-28 over stdio', () => connectStdio(makeConfig())],
  ['an older revision over stdio', () => connectStdio(makeConfig(), 'legacy')],
  ['2026-07-28 over HTTP', () => overHttp((url) => connectHttp(url, modern))],
  ['an older revision over HTTP', () => overHttp((url) => connectHttp(url, 'legacy'))],
  ['HTTP+SSE', () => overHttp(connectSse)],
])('a client finds and reads resources: %s', async (_name, connect) => {
  const client = await connect()
  const { resources } = await client.listResources()
  expect(resources.map(({ uri }) => uri)).toEqual([
    'vitrine://shop/notes',
    'vitrine://shop/schema',
    'vitrine://handbook/prices/2026.csv',
    'vitrine://handbook/refunds.md',
  ])
  expect(resources[3]).toMatchObject({ mimeType: 'text/markdown', size: 9 })
  const { resourceTemplates } = await client.listResourceTemplates()
  expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
    'vitrine://shop/schema/{table}',
    'vitrine://handbook/{+path}',
    'vitrine://shop/customer/{id}',
  ])
  expect(await textOf(client, 'vitrine://shop/notes')).toBe('Money is in cents.')
  expect(await textOf(client, 'vitrine://handbook/refunds.md')).toBe('# Refunds')
  expect(await textOf(client, 'vitrine://shop/schema')).toMatch(/customers\(id integer pk/)
  expect(await textOf(client, 'vitrine://shop/schema/orders')).toMatch(/status text/)
  expect(JSON.parse(String(await textOf(client, 'vitrine://shop/customer/1')))).toEqual({
    row: { id: 1, name: 'Ana', email: null },
    masked: ['customers.email'],
  })
  // Not in the patterns where none are given.
  await expect(client.readResource({ uri: 'vitrine://handbook/photo.png' })).rejects.toMatchObject({
    code: -32_602,
    data: { uri: 'vitrine://handbook/photo.png' },
  })
})

test('what is typed of an argument is completed', async () => {
  const client = await connectHere(makeConfig())
  const complete = async (uri: string, name: string, value: string): Promise<string[]> => {
    const { completion } = await client.complete({
      ref: { type: 'ref/resource', uri },
      argument: { name, value },
    })
    return completion.values
  }
  expect(await complete('vitrine://shop/schema/{table}', 'table', 'O')).toEqual(['orders'])
  expect(await complete('vitrine://handbook/{+path}', 'path', 'pri')).toEqual(['prices/2026.csv'])
  expect(await complete('vitrine://shop/customer/{id}', 'id', '1')).toEqual(['1', '12'])
  await expect(complete('vitrine://nowhere/{x}', 'x', '')).rejects.toMatchObject({ code: -32_602 })
})

test('a list of many comes in pages, and a cursor that was made up is refused', async () => {
  const many = Array.from({ length: 230 }, (_, index) => [`handbook/f${index}.md`, 'x'] as const)
  const client = await connectHere(makeShop(more, Object.fromEntries(many)))
  // The client's own method goes through all pages by itself.
  const list = (params: { cursor?: string }) => client.request({ method: 'resources/list', params })
  const pages = []
  for (let cursor: string | undefined; ;) {
    const page = await list(cursor === undefined ? {} : { cursor })
    pages.push(page.resources)
    cursor = page.nextCursor
    if (cursor === undefined) break
  }
  expect(pages.map(({ length }) => length)).toEqual([100, 100, 32])
  expect(new Set(pages.flat().map(({ uri }) => uri))).toHaveLength(232)
  const forged = Buffer.from('["../../etc","x"]').toString('base64url')
  for (const cursor of ['x', forged, '']) {
    const outcome = list({ cursor }).then(
      () => 'listed',
      (error: { code: number }) => error.code,
    )
    expect(await outcome).toBe(-32_602)
  }
})

test('the client before it reads as well', async () => {
  const client = new ClientV1({ name: 'test', version: '1' })
  await client.connect(new TransportV1({ ...serverCommand(makeConfig()), stderr: 'ignore' }))
  onTestFinished(() => client.close())
  const { resources } = await client.listResources()
  expect(resources).toHaveLength(4)
  const { contents } = await client.readResource({ uri: 'vitrine://handbook/refunds.md' })
  expect(contents).toMatchObject([{ mimeType: 'text/markdown', text: '# Refunds' }])
  const { prompts } = await client.listPrompts()
  expect(prompts).toHaveLength(3)
})
