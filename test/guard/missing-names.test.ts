import { DatabaseSync } from '@photostructure/sqlite'
import { describe, expect, test } from 'vitest'
import { missingNames } from '../../dist/guard/missing-names.js'
import { createTools } from '../../dist/tools/tools.js'
import { type Change, noSignal, openTestApp, openTestSource, run } from '../support/open.ts'
import { makeDatabase } from '../support/scratch.ts'

const shop = `
  CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT, email TEXT);
  CREATE TABLE "log.2026"(id INTEGER, text TEXT);
  INSERT INTO customers VALUES (1, 'Ada', 'ada@secret.example');`

async function missing(change: Change): Promise<readonly string[]> {
  const { source } = await openTestSource(makeDatabase(shop))
  const visibility = { tables: undefined, columns: {}, ...change }
  return missingNames(visibility, await source.catalog(noSignal)).map(({ message }) => message)
}

test.each<[Change, RegExp]>([
  [{ columns: { 'customers.mail': 'mask' } }, /^customers has no column mail\. .*"email"\?$/],
  [{ columns: { 'customer.email': 'hide' } }, /^There is no table customer\. .*"customers"\?$/],
  [{ columns: { 'log.2026.txt': 'mask' } }, /^log\.2026 has no column txt\. .*"text"\?$/],
  [{ columns: { 'customers.zzz': 'mask' } }, /Columns: id, name, email\.$/],
  [{ tables: ['customers', 'orders'] }, /^There is no table orders\. Tables: customers, log\.2026/],
])('%j names what the database lacks', async (change, message) => {
  expect(await missing(change)).toEqual([expect.stringMatching(message)])
})

test('a name that differs in capitals alone is there, and so is one with a dot', async () => {
  expect(
    await missing({
      tables: ['CUSTOMERS', 'log.2026'],
      columns: { 'Customers.EMAIL': 'mask', 'log.2026.text': 'hide' },
    }),
  ).toEqual([])
})

test('a name that two tables answer to is missing, for nobody can say which was meant', async () => {
  const { source } = await openTestSource(makeDatabase(shop))
  const catalog = await source.catalog(noSignal)
  const tables = catalog.tables.slice(0, 1)
  const named = (name: string) => tables.map((table) => ({ ...table, name }))
  const twice = { ...catalog, tables: [...named('Users'), ...named('users')] }
  const of = (name: string): number =>
    missingNames({ tables: [name], columns: { [`${name}.id`]: 'mask' } }, twice).length
  expect([of('USERS'), of('users'), of('Users')]).toEqual([2, 0, 0])
})

describe('a source whose config does not match its database', () => {
  const change: Change = { columns: { 'customers.mail': 'mask' } }

  test('answers nothing, and tells a model no name', async () => {
    const tools = createTools(openTestApp(makeDatabase(shop), change))
    for (const [index, input] of [
      [0, { query: 'SELECT email FROM customers' }],
      [0, { query: 'SELECT 1' }],
      [1, {}],
      [1, { table_name: 'customers' }],
      [1, { search: 'mail' }],
    ] as const) {
      const failure: unknown = await tools[index]?.run(input, { signal: noSignal }).catch((e) => e)
      expect(failure).toMatchObject({
        code: 'config_invalid',
        message: expect.not.stringMatching(/mail|customers/),
        hint: expect.not.stringMatching(/mail|customers/),
        detail: expect.stringMatching(/customers has no column mail\. Did you mean "email"\?/),
      })
    }
  })
})

test('a column that gets another name while it is served closes the source, and opens it when it is back', async () => {
  const path = makeDatabase(shop)
  const served = await openTestSource(path, { columns: { 'customers.email': 'mask' } })
  const ask = () => run(served, 'SELECT * FROM customers')
  expect((await ask()).rows).toEqual([[1, 'Ada', null]])
  const rename = (from: string, to: string): void => {
    const database = new DatabaseSync(path)
    database.exec(`ALTER TABLE customers RENAME COLUMN ${from} TO ${to}`)
    database.close()
  }
  rename('email', 'contact')
  await expect(ask()).rejects.toMatchObject({ code: 'config_invalid' })
  rename('contact', 'email')
  await expect.poll(async () => (await ask()).rows, { timeout: 8000 }).toEqual([[1, 'Ada', null]])
})
