import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { type AdvisedTool, adviseOn } from '../../dist/docs/advice.js'
import { createTools } from '../../dist/tools/tools.js'
import { runHere } from '../support/command-here.ts'
import { makeDocumented, shopConfig } from '../support/documented.ts'
import { openTestApp } from '../support/open.ts'
import { scratchFolder } from '../support/scratch.ts'

const good: AdvisedTool = {
  name: 'orders_of_customer',
  description: 'Orders of one customer, newest first.',
  inputSchema: {
    type: 'object',
    properties: {
      id: { type: 'integer', description: 'The number of the customer' },
      status: { enum: ['paid', 'new'] },
      sku: { type: 'string', maxLength: 20, description: 'As on the label' },
      skus: { type: 'array', items: { type: 'string', pattern: '^A' }, description: 'Several' },
    },
  },
  path: ['tools', 'orders_of_customer'],
  isWritten: true,
  examples: 1,
  answer: { statement: 'select id, total from orders', described: ['total'] },
}

const messagesOf = (change: Partial<AdvisedTool>): string[] =>
  adviseOn({ ...good, ...change }).map(({ message }) => message)

test('what is described well is left in peace', () => {
  expect(messagesOf({})).toEqual([])
  expect(messagesOf({ description: 'Die Bestellungen eines Kunden, die neueste zuerst.' })).toEqual(
    [],
  )
  expect(messagesOf({ description: '一位客户的订单' })).toEqual([])
  expect(messagesOf({ description: 'The customers of your country who bought most.' })).toEqual([])
})

test.each([
  'Orders',
  'Gets the orders of a customer',
  'This tool runs a query on the database and returns the results',
  'Returns information about the customer orders in the database table.',
])('a description is vague: %s', (description) => {
  expect(messagesOf({ description })).toHaveLength(1)
})

test('a parameter without a description, and a text without bounds, are told of by name', () => {
  const properties = {
    q: { type: 'string' },
    ids: { type: 'array', items: { type: 'string' }, description: 'Which' },
  }
  expect(messagesOf({ inputSchema: { type: 'object', properties } })).toEqual([
    'the parameter q has no description.',
    'the parameter q takes any text.',
    'the parameter ids takes any text.',
  ])
})

test('a missing example is told of where the config can say one', () => {
  expect(messagesOf({ examples: 0 })).toEqual(['it has no example.'])
  expect(messagesOf({ examples: 0, isWritten: false })).toEqual([])
})

test.each([
  ['select id, sum(o.amount) as revenue_cents from o', []],
  ['select id, amount from o where total > 1', ['amount']],
  [
    'with x as (select price from p) select max(price, 1) AS "Total", \'a, b\' as label from x',
    ['price', 'Total'],
  ],
  ['select count(*), value -- , size\n from o', ['value']],
])('a column is to be described whose name says no unit: %s', (statement, columns) => {
  expect(messagesOf({ answer: { statement, described: [] } })).toEqual(
    columns.map((column) => `the column ${column} of its answer is not described.`),
  )
})

test("the server's own tools need no advice", async () => {
  const app = openTestApp('nowhere.db')
  for (const { name, description, inputSchema } of createTools(app))
    expect(adviseOn({ ...good, name, description, inputSchema, isWritten: false })).toEqual([])
})

test.each(['docs/curated-tools.md'])('the example of %s needs none', async (path) => {
  const page = readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8')
  const folder = scratchFolder()
  const config = join(folder, 'vitrine.yaml')
  writeFileSync(config, /```yaml\n([^`]+)```/.exec(page)?.[1] ?? '')
  const site = ['--out', join(folder, 'site')]
  const { stdout } = await runHere(['docs', config, ...site, '--no-examples', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ warnings: [] })
})

test('check tells it with line and column, as warnings that fail nothing', async () => {
  const folder = makeDocumented(
    shopConfig.replace('Orders of one customer, newest first, with their totals.', 'Orders'),
  )
  const path = join(folder, 'vitrine.yaml')
  const { code, stdout } = await runHere(['check', path, '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    ok: true,
    warnings: [{ line: 23, column: 18, path: ['tools', 'orders_of', 'description'] }],
  })
  const { stdout: text } = await runHere(['check', path])
  expect(text).toContain(
    'vitrine.yaml:23:18  tools.orders_of.description: its description has one word.',
  )
})
