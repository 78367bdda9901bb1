import { expect, test } from 'vitest'
import type { Actor } from '../../../dist/base/actor.js'
import { createToolsets } from '../../../dist/server/toolsets.js'
import { callTool, openTools, toolConfig } from '../../support/curated.ts'
import { makeDatabase } from '../../support/scratch.ts'
import { DatabaseSync } from '@photostructure/sqlite'

const shop = `CREATE TABLE orders (id INTEGER, tenant TEXT);
  INSERT INTO orders VALUES (1, 'acme'), (2, 'other'), (9007199254740993, 'acme')`

const counting = toolConfig(
  'select count(*) as n from orders where tenant = :tenant and id >= :least',
  {
    name: 'count_orders',
    cacheMs: 600_000,
    parameters: {
      tenant: { type: 'string', claim: 'tenant' },
      least: { type: 'integer', default: 0 },
    },
  },
)

async function open() {
  const path = makeDatabase(shop)
  const app = await openTools(`sqlite:${path}`, [counting])
  const asking = (tenant: string): Actor => ({ ...app.localActor, claims: { tenant } })
  const count = (given: object = {}, tenant = 'acme') =>
    callTool(app, ['count_orders', given], asking(tenant))
  const add = (tenant: string): void => {
    const database = new DatabaseSync(path)
    database.exec(`INSERT INTO orders VALUES (3, '${tenant}')`)
    database.close()
  }
  // Its schema is read: what comes before that is not kept.
  await count({ fresh: true })
  return { app, count, add }
}

test('an answer is given again to the same values, and says how old it is', async () => {
  const { count, add } = await open()
  expect(await count()).toMatchObject({ rows: [[2]] })
  add('acme')
  expect(await count({ least: 0 })).toMatchObject({
    rows: [[2]],
    cached: { age_s: expect.any(Number) as number },
  })
  expect(await count({ fresh: true })).toMatchObject({ rows: [[3]] })
  expect(await count()).toMatchObject({ rows: [[3]] })
})

test('other values, and callers with other claims, have answers of their own', async () => {
  const { count } = await open()
  await count()
  expect(await count({}, 'other')).toMatchObject({ rows: [[1]] })
  expect(await count({ least: 2 })).toMatchObject({ rows: [[1]] })
  expect(await count({ least: '9007199254740993' })).toMatchObject({ rows: [[1]] })
  expect(await count({ least: '9007199254740994' })).toMatchObject({ rows: [[0]] })
})

test('its list tells how to ask for a fresh one, and other tools take no such argument', async () => {
  const { app, count } = await open()
  const { tools } = createToolsets(app)(app.localActor)
  expect(tools.get('count_orders')?.inputSchema['properties']).toMatchObject({
    least: { type: 'integer' },
    fresh: { type: 'boolean' },
  })
  expect(await count({ fresh: 'yes' })).toMatchObject({ code: 'invalid_input' })
})
