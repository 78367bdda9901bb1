import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { refuseToServe } from '../support/command-here.ts'
import { connectHere, makeShop, textOf } from '../support/offers.ts'
import { readRecord } from '../edge/audit/records.ts'

const more = `tools:
  orders_of_status:
    description: Orders of one status.
    source: shop
    parameters:
      status: { type: string, enum: [paid, new] }
      least: { type: integer, default: 0, optional: true }
    sql: select id from orders where status = :status and id >= :least order by id
  order_count: { description: How many orders there are., source: shop, sql: select count(*) as n from orders }
resources:
  orders: { tool: orders_of_status, title: Orders }
  count: { tool: order_count }
audit: { file: ./audit.jsonl }
`

test('answers of a tool are read by its arguments, and count as its calls', async () => {
  const config = makeShop(more)
  const client = await connectHere(config)
  const { resources } = await client.listResources()
  expect(resources.at(-1)).toMatchObject({ uri: 'vitrine://count/answer', name: 'count' })
  const { resourceTemplates } = await client.listResourceTemplates()
  expect(resourceTemplates.at(-1)).toMatchObject({
    uriTemplate: 'vitrine://orders/{status}',
    title: 'Orders',
  })
  const answer = (uri: string) => textOf(client, uri).then((text) => JSON.parse(String(text)))
  expect(await answer('vitrine://orders/paid')).toMatchObject({ rows: [[1], [3]], row_count: 2 })
  expect(await answer('vitrine://count/answer')).toMatchObject({ rows: [[3]] })
  await expect(answer('vitrine://orders/lost')).rejects.toMatchObject({ code: -32_602 })
  for (const uri of [
    'vitrine://orders/paid/1',
    'vitrine://count/other',
    'vitrine://count/answer/x',
  ])
    await expect(answer(uri)).rejects.toMatchObject({ code: -32_602, data: { uri } })
  const { completion } = await client.complete({
    ref: { type: 'ref/resource', uri: 'vitrine://orders/{status}' },
    argument: { name: 'status', value: 'p' },
  })
  expect(completion.values).toEqual(['paid'])
  const lines = readRecord(join(dirname(config), 'audit.jsonl'))
  expect(lines.filter(({ tool }) => tool === 'orders_of_status')[0]).toMatchObject({
    source: 'shop',
    decision: 'allowed',
    rows: 2,
  })
})

test('an answer of an API is read by the arguments of its request', async () => {
  const api = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ path: request.url }))
  })
  await new Promise<void>((resolve) => void api.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void api.close())
  const { port } = api.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const client = await connectHere(
    makeShop(`  billing: { url: '${url}', private_addresses: [127.0.0.1] }
tools:
  invoice: { description: One invoice., source: billing, request: 'GET /invoices/{id}', parameters: { id: { type: integer } } }
resources: { invoice: { tool: invoice } }
`),
  )
  expect(await textOf(client, 'vitrine://invoice/7')).toMatch(/\/invoices\/7/)
  await expect(textOf(client, 'vitrine://invoice/..')).rejects.toMatchObject({ code: -32_602 })
})

test.each([
  ['order_cout', /there is no tool order_cout.*Did you mean "order_count"/s],
  ['query_database', /there is no tool query_database/],
])('a resource out of the tool %s is a mistake', async (tool, message) => {
  const config = makeShop(more.replace('tool: order_count', `tool: ${tool}`))
  const { code, stderr } = await refuseToServe(config)
  expect(code).toBe(2)
  expect(stderr).toMatch(message)
})
