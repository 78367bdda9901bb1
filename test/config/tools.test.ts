import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ToolConfig } from '../../dist/config/config.js'
import { examineConfig } from '../../dist/config/load.js'
import { builtInTools } from '../../dist/config/tools.js'
import { createTools } from '../../dist/tools/tools.js'
import { openTestApp } from '../support/open.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'

async function examine(
  tool: string,
): Promise<{ tools?: readonly ToolConfig[]; mistakes: string[] }> {
  const path = join(scratchFolder(), 'vitrine.yaml')
  writeFileSync(path, `sources: { shop: { url: sqlite:./shop.db } }\ntools:\n${tool}`)
  const { config, mistakes } = await examineConfig(path, {})
  return {
    ...(config && { tools: config.tools }),
    mistakes: mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`),
  }
}

const withParameter = (schema: string): string =>
  `  orders_of:\n    description: Orders\n    source: shop\n    sql: select :id\n    parameters:\n      id: ${schema}\n`

test('a tool is read with its parameters, and what has a default may be left out', async () => {
  const { tools } = await examine(`  orders_of:
    description: Orders of a customer
    source: shop
    sql: select id from orders where customer_id = :customer and tenant = :tenant
    parameters:
      customer: { type: integer, minimum: 1, default: 7 }
      status: { enum: [new, paid], optional: true }
      tenant: { type: string, claim: tenant }
    columns: { id: The number of the order }
    rows: 20
`)
  expect(tools).toEqual([
    {
      name: 'orders_of',
      title: undefined,
      description: 'Orders of a customer',
      source: 'shop',
      sql: 'select id from orders where customer_id = :customer and tenant = :tenant',
      columns: { id: 'The number of the order' },
      rows: 20,
      cacheMs: 0,
      parameters: {
        customer: {
          schema: { type: 'integer', minimum: 1, default: 7 },
          isOptional: true,
          claim: undefined,
        },
        status: { schema: { enum: ['new', 'paid'] }, isOptional: true, claim: undefined },
        tenant: { schema: { type: 'string' }, isOptional: false, claim: 'tenant' },
      },
    },
  ])
})

test.each([
  ['{ type: integer, minimun: 1 }', '8:28 unknown keyword of JSON Schema. Did you mean "minimum"?'],
  ['{ type: intger }', /^8:19 expected one of "array"/],
  ['{ type: integer, minimum: few }', '8:37 expected a number.'],
  ['{ type: integer, minimum: 1, default: 0 }', '8:49 expected a number of at least 1.'],
  ['{ type: string, pattern: "(" }', /^8:\d+ /],
  ['{ $ref: "https://elsewhere.example/schema" }', /^8:\d+ can't resolve reference/],
  ['{ type: string, format: telephone }', /unknown format/],
  ['{ type: integer, optional: maybe }', /^8:38 expected boolean/],
])('a mistake in a parameter is told where it is: %s', async (schema, message) => {
  const { mistakes } = await examine(withParameter(schema))
  expect(mistakes).toHaveLength(1)
  expect(mistakes[0]).toMatch(message)
})

test.each([
  ['  orders of: { description: x, source: shop, sql: select 1 }', /^3:3 a tool is named/],
  ['  get_schema: { description: x, source: shop, sql: select 1 }', /^3:3 every server has a tool/],
  ['  orders: { description: x, source: shp, sql: select 1 }', /source.* Did you mean "shop"/],
  ['  orders: { description: x, source: shop }', /missing. Expected text/],
  [
    '  orders: { description: x, source: shop, sql: a, parameters: { 1x: {} } }',
    /a parameter is named/,
  ],
])('a tool that cannot be is refused: %s', async (yaml, message) => {
  const { mistakes } = await examine(`${yaml}\n`)
  expect(mistakes).toHaveLength(1)
  expect(mistakes[0]).toMatch(message)
})

test('a tool that writes takes no argument by the name of that which confirms it', async () => {
  const { mistakes } = await examine(
    '  pay: { description: x, source: shop, sql: a, effect: write, parameters: { confirm_token: {} } }\n',
  )
  expect(mistakes).toContainEqual(
    expect.stringMatching(/a tool that writes has an argument of that name/),
  )
})

test('the names of the tools that every server has are taken', () => {
  const app = openTestApp(makeDatabase('CREATE TABLE orders (id INTEGER)'))
  const names = createTools(app).map(({ name }) => name)
  expect(builtInTools).toEqual(expect.arrayContaining(names))
})
