import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, createApp } from '../../dist/app/app.js'
import { defaultConfig } from '../../dist/config/config.js'
import type { ServedSource } from '../../dist/tools/served-source.js'
import { run, sourceConfig } from '../support/open.ts'
import { makeDatabase } from '../support/scratch.ts'

const shop = `
  CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT, email TEXT, created_at TEXT);
  CREATE TABLE orders(id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers, status TEXT, ordered_at TEXT);
  CREATE TABLE order_items(order_id INTEGER REFERENCES orders, quantity INTEGER, "unit price" INTEGER);
  CREATE TABLE payments(order_id INTEGER REFERENCES orders, method TEXT);
  CREATE TABLE support_tickets(id INTEGER PRIMARY KEY, subject TEXT);
  CREATE TABLE "group"(id INTEGER PRIMARY KEY, "Big Name" TEXT);`

let app: App
let served: ServedSource

const folder = mkdtempSync(join(tmpdir(), 'vitrine-test-'))

beforeAll(async () => {
  const path = makeDatabase(shop, join(folder, 'shop.db'))
  app = createApp({ ...defaultConfig, name: 'test', sources: [sourceConfig(path)] })
  served = await app.sources.get('main')!.open()
})

afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true })
})

async function hintOf(text: string): Promise<string> {
  const error = await run(served, text).then(
    () => ({ hint: 'It was answered.' }),
    (thrown: { hint: string }) => thrown,
  )
  return error.hint
}

describe('what other dialects say is told in the words of this one', () => {
  test.each([
    ['SELECT ordered_at::date FROM orders', /date\(x\) or datetime\(x\)/],
    ['SELECT ordered_at::timestamp FROM orders', /date\(x\) or datetime\(x\)/],
    ["SELECT '1'::int", /CAST\(x AS INTEGER\)/],
    ['(SELECT 1) UNION ALL (SELECT 2)', /without parentheses/],
    ['SELECT 1 UNION (SELECT 2)', /without parentheses/],
    ['SELECT id FROM orders WHERE id = ANY (SELECT 1)', /no ANY or ALL/],
    ["SELECT DATE_PART('month', ordered_at) FROM orders", /'%m' month.*'%H' hour/],
    ["SELECT DATE_TRUNC('year', ordered_at) FROM orders", /start of year.*start of month/],
    ['SELECT EXTRACT(DAY FROM ordered_at) FROM orders', /'%d' day/],
    ["SELECT LPAD(id, 5, '0') FROM orders", /printf\('%05d', n\)/],
    ['EXPLAIN ANALYZE SELECT id FROM orders', /EXPLAIN QUERY PLAN SELECT/],
    ["SELECT ISNULL(status, 'x') FROM orders", /ifnull\(a, b\)/],
    ["SELECT POSITION('a' IN name) FROM customers", /instr\(s, part\)/],
    ['SELECT * FROM generate_series(1, 10)', /WITH RECURSIVE/],
    ['SELECT DATEADD(day, 7, ordered_at) FROM orders', /^SQLite has no DATEADD\(\); [^.]*\.$/],
    ['SELECT DATEDIFF(day, ordered_at, ordered_at) FROM orders', /julianday\(a\)/],
    ['SELECT SUBSTRING(name FROM 1 FOR 3) FROM customers', /substr\(s, 1, 3\)/],
    ["SELECT GROUP_CONCAT(name SEPARATOR ', ') FROM customers", /group_concat\(x, ', '\)/],
    ["SELECT GROUP_CONCAT(DISTINCT name, ',') FROM customers", /subquery/],
    ['SELECT DISTINCT ON (name) * FROM customers', /row_number\(\)/],
    ['SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY id) FROM orders', /median\(x\)/],
    ["SELECT JSON_VALUE(name, '$.a') FROM customers", /json_extract/],
    ['SELECT status, BOOL_OR(id > 3) FROM orders GROUP BY 1', /max\(condition\)/],
    ['SELECT SAFE_DIVIDE(id, 0) FROM orders', /nullif\(b, 0\)/],
  ])('%s', async (text, hint) => {
    expect(await hintOf(text)).toMatch(hint)
  })

  test.each([
    ["SELECT id FROM orders WHER status = 'put into interval'", /near the place named/],
    ['SELECT id FROM orders /* ilike */ WHER id = 1 -- lateral', /near the place named/],
    ["SELECT id FROM orders WHERE status = 'x' AND all (id)", /^(?!.*ANY)/],
  ])(
    'and not where it stands in a text or comment, or means another thing: %s',
    async (text, hint) => {
      expect(await hintOf(text)).toMatch(hint)
    },
  )
})

describe('a text that does not parse is told why', () => {
  test.each([
    ['SELECT * FROM order', /^order is a word of the language\. Did you mean "orders"/],
    ['SELECT * FROM group', /^group is a word of the language\. Write "group"\.$/],
    ["SELECT id FROM customers WHERE name = 'O'Brien'", /doubled: 'O''Brien'/],
    ['```sql\nSELECT 1\n```', /^Send the SQL alone/],
    ['SELECT id FROM orders WHERE (id = 1', /^The text ends before the statement does/],
    ['SELECT', /^The text ends before/],
    ['-- only this', /^Send one SELECT/],
    ['SELECT count(* FROM orders', /near the place named/],
  ])('%s', async (text, hint) => {
    expect(await hintOf(text)).toMatch(hint)
  })
})

describe('a name that is not there is answered with those that are', () => {
  test.each([
    [
      'SELECT created_at FROM orders',
      /column of customers\. Join on .* orders has id, customer_id/,
    ],
    [
      'SELECT i.quantity FROM order_items oi',
      /no table or alias i .* mean order_items\.quantity\?/,
    ],
    ['SELECT i.name FROM order_items oi', /no table or alias i .* name is a column of customers/],
    [
      'SELECT orders.id FROM orders o JOIN payments p ON p.order_id = o.id',
      /^orders is called o in the statement: write o\.id\.$/,
    ],
    [
      'SELECT customer_name FROM orders',
      /^Did you mean customers\.name\? Join on orders\.customer_id/,
    ],
    ['SELECT o.payment_method FROM orders o', /^Did you mean payments\.method\? Join on/],
    [
      'SELECT id FROM customers WHERE email = "a@b.c"',
      /^A text is written in single quotes: 'a@b\.c'\.$/,
    ],
    ['SELECT "(x".id, "unit prize" FROM order_items', /no table or alias \(x/],
    ['SELECT "unit prize" FROM order_items', /order_items has "unit price"/],
    ['SELECT unitprice FROM order_items', /order_items has "unit price"/],
    ['SELECT absent FROM "group"', /^"group" has id, "Big Name"\.$/],
    ['SELECT * FROM tickets', /^Did you mean "support_tickets"\? Open tables: /],
    ['SELECT * FROM item', /^Did you mean "order_items"\?/],
    ['SELECT * FROM public.orders', /^Write orders without public before it\.$/],
    ['SELECT * FROM shop.group_', /Open tables: customers, "group", order_items/],
    ['SELECT status FROM orders WHERE count(*) > 5 GROUP BY 1', /HAVING/],
    [
      'SELECT 1 FROM orders JOIN customers USING (customer_id)',
      /^Join on orders\.customer_id = customers\.id\.$/,
    ],
  ])('%s', async (text, hint) => {
    expect(await hintOf(text)).toMatch(hint)
  })
})
