import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { App } from '../../../dist/app/app.js'
import type { Actor } from '../../../dist/base/actor.js'
import { runHere } from '../../support/command-here.ts'
import { callTool, openTools, toolConfig } from '../../support/curated.ts'
import { makeDatabase, scratchFolder } from '../../support/scratch.ts'
import { RawServer } from '../../support/serve.ts'
import { createToolsets } from '../../../dist/server/toolsets.js'

const shop = `CREATE TABLE orders (id INTEGER, tenant TEXT, note TEXT);
  INSERT INTO orders VALUES (1, 'acme', 'a'), (2, 'acme', 'b'), (3, 'other', 'c')`

const actor = (change: Partial<Actor> = {}): Actor => ({
  id: 'ana',
  claims: { tenant: 'acme' },
  tools: 'all',
  sources: 'all',
  ...change,
})

const ofTenant = toolConfig('select id from orders where tenant = :tenant order by id', {
  name: 'orders_of_tenant',
  parameters: { tenant: { type: 'string', claim: 'tenant' } },
})

const open = (): Promise<App> => openTools(`sqlite:${makeDatabase(shop)}`, [ofTenant])

describe('values out of claims', () => {
  test('each caller gets their own rows', async () => {
    const app = await open()
    const idsFor = async (tenant: string): Promise<unknown> =>
      (await callTool(app, ['orders_of_tenant', {}], actor({ claims: { tenant } })))['rows']
    expect(await idsFor('acme')).toEqual([[1], [2]])
    expect(await idsFor('other')).toEqual([[3]])
    expect(await idsFor("acme' OR '1'='1")).toEqual([])
  })

  test('without the claim the call is not allowed', async () => {
    const app = await open()
    for (const claims of [{}, { tenant: null }, { tenant: 7 }, { tenant: ['acme'] }]) {
      const answer = await callTool(app, ['orders_of_tenant', {}], actor({ claims }))
      expect(answer).toMatchObject({ code: 'not_allowed' })
    }
    // Also where nothing inherits one.
    const claims = Object.create({ tenant: 'acme' }) as Actor['claims']
    expect(await callTool(app, ['orders_of_tenant', {}], actor({ claims }))).toMatchObject({
      code: 'not_allowed',
    })
  })

  test('a model neither sees nor gives them', async () => {
    const app = await open()
    const { listed } = createToolsets(app)(actor())
    const tool = listed.tools.find(({ name }) => name === 'orders_of_tenant')
    expect(JSON.stringify(tool)).not.toMatch(/tenant(?!")/)
    expect(tool?.inputSchema).toEqual({
      type: 'object',
      properties: {},
      additionalProperties: false,
    })
    expect(await callTool(app, ['orders_of_tenant', { tenant: 'other' }], actor())).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('there is no argument "tenant"') as string,
    })
  })
})

test('a tool is there for whom its source is open, and whose tools it is among', async () => {
  const app = await openTools(`sqlite:${makeDatabase(shop)}`, [ofTenant])
  const has = (change: Partial<Actor>): boolean =>
    createToolsets(app)(actor(change)).tools.has('orders_of_tenant')
  expect(has({})).toBe(true)
  expect(has({ sources: ['other'] })).toBe(false)
  expect(has({ tools: ['query_database'] })).toBe(false)
  expect(has({ tools: ['orders_of_tenant'], sources: ['main'] })).toBe(true)
})

test('a model is told what the columns are, and how much it got', async () => {
  const app = await openTools(`sqlite:${makeDatabase(shop)}`, [
    toolConfig('select id, note from orders where id >= :from order by id', {
      name: 'orders_from',
      description: 'Orders from a number on.',
      parameters: { from: { type: 'integer', minimum: 1 } },
      columns: { id: 'The number of the order', note: 'What the customer wrote.' },
      rows: 2,
    }),
  ])
  const { listed } = createToolsets(app)(actor())
  expect(listed.tools.at(-1)).toMatchObject({
    name: 'orders_from',
    title: 'Orders from',
    description:
      'Orders from a number on. Columns: id: The number of the order; note: What the customer wrote.',
    inputSchema: { properties: { from: { type: 'integer', minimum: 1 } }, required: ['from'] },
    annotations: { readOnlyHint: true, destructiveHint: false },
  })
  expect(await callTool(app, ['orders_from', { from: 1 }])).toEqual({
    columns: ['id', 'note'],
    types: ['integer', 'text'],
    rows: [
      [1, 'a'],
      [2, 'b'],
    ],
    row_count: 2,
    truncated: {
      by: ['rows'],
      hint: 'Only the first 2 rows were read. Ask for less with other values of from.',
    },
  })
})

test('a statement that takes too long is told in words of the arguments', async () => {
  const endless = `with recursive n(i) as (select :from union all select i + 1 from n) select count(*) from n`
  const app = await openTools(
    `sqlite:${makeDatabase(shop)}`,
    [toolConfig(endless, { parameters: { from: { type: 'integer' } } })],
    { limits: { timeoutMs: 300 } },
  )
  expect(await callTool(app, ['asked', { from: 1 }])).toMatchObject({
    code: 'timed_out',
    hint: 'Ask for less with other values of from.',
  })
})

function writeConfig(more: string): string {
  const folder = scratchFolder()
  makeDatabase(shop, join(folder, 'shop.db'))
  const config = join(folder, 'vitrine.yaml')
  writeFileSync(
    config,
    `sources: { shop: { url: sqlite:./shop.db } }
claims: { tenant: acme }
tools:
  order:
    description: One order.
    source: shop
    parameters:
      id: { type: integer }
      notes: { type: array, items: { type: string }, optional: true }
      tenant: { type: string, claim: tenant }
    sql: |
      select id, note from orders
      where id = :id and tenant = :tenant and (:notes is null or note in (:notes))
${more}`,
  )
  return config
}

test('the record has the fingerprint of the statement, the same for all values', async () => {
  const config = writeConfig('audit: { file: ./audit.jsonl, statements: true }\n')
  const server = new RawServer(config)
  await server.initialize()
  await server.call(1, 'order', { id: 1 })
  await server.call(2, 'order', { id: 2, notes: ['b', 'c'] })
  await server.call(3, 'order', { id: 'x' })
  const file = join(dirname(config), 'audit.jsonl')
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  const [first, second, third] = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(first).toMatchObject({ tool: 'order', source: 'shop', decision: 'allowed', rows: 1 })
  expect(first?.['fingerprint']).toMatch(/\S/)
  expect(second).toMatchObject({ fingerprint: first?.['fingerprint'], rows: 1 })
  expect(third).toMatchObject({ reason: 'invalid_input', source: 'shop' })
  expect(JSON.stringify(first)).toContain(':tenant')
  expect(JSON.stringify(first)).not.toContain('acme')
  server.process.stdin.end()
  expect(await server.ended()).toBe(0)
})

test('limits of a call and tokens may name a tool of the config, and no other', async () => {
  const server = new RawServer(writeConfig('limits: { per_tool: { order: 1/h } }\n'))
  await server.initialize()
  expect(await server.call(1, 'order', { id: 1 })).toMatchObject({
    result: { structuredContent: { rows: [[1, 'a']] } },
  })
  expect(await server.call(2, 'order', { id: 1 })).toMatchObject({
    result: { structuredContent: { error: { code: 'rate_limited' } } },
  })
  server.process.stdin.end()
  const config = writeConfig('http: { auth: { tokens: ./tokens.yaml } }\n')
  const create = (tools: string) =>
    runHere(['token', 'create', '--name', tools, '--tools', tools, '--sources', 'shop', config])
  expect((await create('order')).code).toBe(0)
  expect(await create('ordre')).toMatchObject({ code: 2 })
})
