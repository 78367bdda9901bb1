import { expect, test } from 'vitest'
import { createTools } from '../../dist/tools/tools.js'
import { makeDatabase } from '../support/scratch.ts'
import { type Change, noSignal, openTestApp } from '../support/open.ts'

const shop = `
  CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT, email TEXT);
  CREATE TABLE orders(id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id), status TEXT);
  CREATE INDEX by_customer ON orders(customer_id);
  CREATE VIEW totals AS SELECT customer_id, count(*) AS n FROM orders GROUP BY 1;
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 60)
    INSERT INTO customers SELECT i, 'Customer ' || i, CASE i % 2 WHEN 0 THEN 'FR' ELSE 'Côte d''Ivoire' END, i || '@x.example' FROM n;
  INSERT INTO orders SELECT id, id, CASE id % 3 WHEN 0 THEN 'paid' ELSE 'new' END FROM customers;`

async function getSchema(
  input: object,
  change: Change = {},
  sql = shop,
): Promise<Record<string, unknown>> {
  const app = openTestApp(makeDatabase(sql), change)
  const tool = createTools(app).find(({ name }) => name === 'get_schema')
  return { ...(await tool?.run(input, { signal: noSignal })) }
}

test('the overview has every table on a line, with keys, references and row estimates', async () => {
  expect(await getSchema({}, { description: 'The shop', context: 'Money is in cents.' })).toEqual({
    source: 'main',
    dialect: 'sqlite',
    engine: expect.stringMatching(/^SQLite 3\.\d+/),
    description: 'The shop',
    tables: 3,
    schema: [
      'customers(id integer pk, name text, country text, email text) ~60 rows',
      'orders(id integer pk, customer_id integer->customers.id, status text) ~60 rows',
      'totals(customer_id integer, n) view',
    ].join('\n'),
    notes: 'Money is in cents.',
  })
})

test('one table is told whole, with values of columns that have few, and none that name people', async () => {
  const { schema } = await getSchema({ table_name: 'Customers' })
  expect(schema).toBe(
    [
      'customers: table, about 60 rows',
      '  id integer pk',
      '  name text not null',
      "  country text values seen: 'Côte d''Ivoire', 'FR'",
      '  email text',
      'referenced by orders.customer_id',
    ].join('\n'),
  )
  const orders = await getSchema({ table_name: 'orders' })
  expect(orders['schema']).toMatch(/status text values seen: 'new', 'paid'\nindex \(customer_id\)$/)
  expect((await getSchema({ table_name: 'totals' }))['schema']).toMatch(
    /defined as CREATE VIEW totals/,
  )
})

test('values of masked columns are not shown', async () => {
  const { schema } = await getSchema(
    { table_name: 'orders' },
    { columns: { 'orders.status': 'mask' } },
  )
  expect(schema).toMatch(/status text masked \(reads as NULL here\)\n/)
})

test('a search finds tables and columns by part, by word and in spite of a slip', async () => {
  expect((await getSchema({ search: 'customer id' }))['matches']).toEqual(
    expect.arrayContaining(['orders.customer_id integer->customers.id', 'customers (table)']),
  )
  expect((await getSchema({ search: 'emial' }))['matches']).toEqual(['customers.email text'])
  expect((await getSchema({ search: 'zzz' }))['matches']).toEqual([])
})

test('a table that is not there is an error that names the nearest', async () => {
  await expect(getSchema({ table_name: 'custmers' })).rejects.toMatchObject({
    code: 'unknown_table',
    hint: 'Did you mean "customers"?',
  })
})

test('a table that is closed is not open here either, and a word of a name finds it', async () => {
  const change = { tables: ['orders'] }
  await expect(getSchema({ table_name: 'Customers' }, change)).rejects.toMatchObject({
    code: 'not_open',
    hint: expect.not.stringMatching(/customers/),
  })
  await expect(getSchema({ table_name: 'custmers' }, change)).rejects.toMatchObject({
    code: 'unknown_table',
    hint: expect.not.stringMatching(/customers/),
  })
  await expect(getSchema({ table_name: 'ordrs' }, change)).rejects.toMatchObject({
    hint: 'Did you mean "orders"?',
  })
})

test('a schema of any size stays within its budget, and says less of each table instead', async () => {
  const columns = Array.from({ length: 30 }, (_, index) => `column_number_${index} INTEGER`).join(
    ', ',
  )
  const tables = (count: number): string =>
    Array.from(
      { length: count },
      (_, index) => `CREATE TABLE table_number_${index}(${columns});`,
    ).join('\n')
  const some = await getSchema({}, {}, tables(15))
  expect(some['schema']).toMatch(/table_number_0\(column_number_0, /)
  const many = await getSchema({}, {}, tables(100))
  expect(many['schema']).toMatch(/^table_number_0: 30 columns ~0 rows\n/)
  const most = await getSchema({}, {}, tables(1000))
  expect(most['schema']).toMatch(/and \d+ more: use search$/)
  for (const { schema } of [some, many, most]) expect(String(schema).length).toBeLessThan(10_100)
}, 30_000)

test('rows are estimated where rowids are row numbers, and counted where they are not', async () => {
  const sql = `
    CREATE TABLE numbered(id INTEGER PRIMARY KEY); INSERT INTO numbered VALUES (1001), (1002), (1010);
    CREATE TABLE snowflake(id INTEGER PRIMARY KEY); INSERT INTO snowflake VALUES (1), (9007199254740993), (-9223372036854775808);
    CREATE TABLE keyed(k TEXT PRIMARY KEY) WITHOUT ROWID; INSERT INTO keyed VALUES ('a'), ('b');
    CREATE TABLE none(x);`
  expect((await getSchema({}, {}, sql))['schema']).toBe(
    [
      'keyed(k text pk) ~2 rows',
      'none(x) ~0 rows',
      'numbered(id integer pk) ~10 rows',
      'snowflake(id integer pk) ~3 rows',
    ].join('\n'),
  )
})

test('names stand as a statement must write them', async () => {
  const odd = 'CREATE TABLE "order"("group" TEXT, "semi;colon" TEXT, "größe" TEXT, [a"b] TEXT)'
  expect((await getSchema({}, {}, odd))['schema']).toBe(
    '"order"("group" text, "semi;colon" text, "größe" text, "a""b" text) ~0 rows',
  )
})
