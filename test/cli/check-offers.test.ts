import { expect, test } from 'vitest'
import { runHere } from '../support/command-here.ts'
import { makeShop } from '../support/offers.ts'

const wrong = `resources:
  order: { source: shop, table: order, key: id }
  customer: { source: shop, table: customers, key: email }
  right: { source: shop, table: customers, key: id }
prompts:
  report:
    arguments: { a: { suggest: shop.orders.statu } }
    messages: [{ text: '{{a}}' }, { resource: 'vitrine://handbook/a.md' }, { resource: 'vitrine://shop/notes' }]
`

test('a check tells which table, column or resource is not there, with line and column', async () => {
  const { code, stdout } = await runHere(['check', makeShop(wrong), '--json'])
  const { mistakes } = JSON.parse(stdout) as {
    mistakes: { line: number; path: unknown[]; message: string }[]
  }
  expect(code).toBe(2)
  expect(mistakes).toMatchObject([
    {
      line: 4,
      path: ['resources', 'order', 'table'],
      message: 'there is no open table order. Did you mean "orders"?',
    },
    {
      line: 5,
      path: ['resources', 'customer', 'key'],
      message: 'customers has no open column email.',
    },
    {
      line: 9,
      path: ['prompts', 'report', 'arguments', 'a', 'suggest'],
      message: 'orders has no open column statu. Did you mean "status"?',
    },
    { line: 10, path: ['prompts', 'report', 'messages', 1, 'resource'] },
  ])
})
