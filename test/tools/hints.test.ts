import { expect, test } from 'vitest'
import { run, shareDatabase } from '../support/open.ts'

const shop = `
  CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT, country TEXT);
  CREATE TABLE orders(id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers, total_cents INTEGER,
    ordered_at TEXT, status TEXT);
  CREATE TABLE order_items(order_id INTEGER, sku TEXT);`

const open = shareDatabase(shop)

test.each([
  ['SELECT * FROM order_item', 'unknown_table', /Did you mean "order_items"\?/],
  ['SELECT * FROM invoices', 'unknown_table', /^Open tables: customers, order_items, orders\.$/],
  ['SELECT total FROM orders', 'unknown_column', /orders has total_cents: did you mean that\?/],
  ['SELECT o.totl_cents FROM orders AS o', 'unknown_column', /orders has total_cents/],
  [
    'SELECT name FROM orders',
    'unknown_column',
    /name is a column of customers\. Join on orders\.customer_id = customers\.id\./,
  ],
  [
    'SELECT status FROM customers',
    'unknown_column',
    /status is a column of orders\. Join on orders\.customer_id = customers\.id\./,
  ],
  ['SELECT colour FROM customers', 'unknown_column', /customers has id, name, country\./],
  ['SELECT * FROM orders WHERE status = "shipped"', 'unknown_column', /single quotes: 'shipped'/],
  ['SELECT YEAR(ordered_at) FROM orders', 'unknown_function', /strftime\('%Y', d\)/],
  [
    'SELECT DATEDIFF(ordered_at, 1) FROM orders',
    'unknown_function',
    /julianday\(a\) - julianday\(b\)/,
  ],
  ['SELECT conut(*) FROM orders', 'unknown_function', /Did you mean count\(\)\?/],
  ['SELECT TOP 5 * FROM orders', 'syntax_error', /LIMIT n/],
  ["SELECT * FROM customers WHERE name ILIKE 'a%'", 'syntax_error', /no ILIKE/],
  ["SELECT date('now') - INTERVAL '1 day'", 'unknown_column', /no INTERVAL/],
  ['SELECT id::text FROM orders', 'syntax_error', /CAST\(x AS type\)/],
  ['SHOW TABLES', 'statement_refused', /get_schema/],
  ['DESCRIBE orders', 'statement_refused', /get_schema/],
  ['UPDATE orders SET status = 1', 'statement_refused', /nothing here can be changed/],
  ['SELECT 1; SELECT 2', 'statement_refused', /one statement/],
  ['SELECT * FROM orders WHERE id = ?', 'invalid_input', /Write the value/],
  [
    'SELECT id FROM orders JOIN customers ON customer_id = customers.id',
    'query_failed',
    /customers\.id or orders\.id/,
  ],
  ['-- nothing', 'syntax_error', /Send one SELECT/],
  ["SELECT json_extract('{', '$')", 'query_failed', /Correct the statement/],
])('%s → %s with a hint', async (text, code, hint) => {
  await expect(run(await open({}), text)).rejects.toMatchObject({
    code,
    hint: expect.stringMatching(hint),
  })
})

test('a closed column is answered with the open ones of its table', async () => {
  const served = await open({ columns: { 'customers.name': 'hide' } })
  await expect(run(served, 'SELECT name FROM customers')).rejects.toMatchObject({
    code: 'not_open',
    hint: 'customers has id, country.',
  })
})

test('a hint never names what is closed', async () => {
  const served = await open({ tables: ['orders'] })
  for (const text of [
    'SELECT * FROM customer',
    'SELECT country FROM orders',
    'SELECT * FROM customers',
  ]) {
    await expect(run(served, text)).rejects.toMatchObject({
      hint: expect.not.stringMatching(/customers|country/),
    })
  }
})
