import { describe, expect, test } from 'vitest'
import { makeDatabase } from '../support/scratch.ts'
import { type Change, openTestSource, outcome, run, shareDatabase } from '../support/open.ts'

const shop = `
  CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT, email TEXT, domain TEXT AS (substr(email, 5)),
    shout TEXT AS (upper(domain)));
  CREATE TABLE orders(id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id), total INTEGER);
  CREATE TABLE salaries(id INTEGER PRIMARY KEY, amount INTEGER, customer_id INTEGER);
  CREATE VIEW contact AS SELECT name, email FROM customers;
  CREATE VIEW pay AS SELECT sum(amount) AS paid FROM salaries;
  CREATE VIEW pay_report AS SELECT paid * 2 AS twice, (SELECT count(*) FROM salaries) AS salaries FROM pay;
  CREATE VIRTUAL TABLE words USING fts5(name, email, content='customers', content_rowid='id');
  CREATE VIRTUAL TABLE vocabulary USING fts5vocab('words', 'row');
  CREATE VIRTUAL TABLE notes USING fts5(body);
  INSERT INTO customers(id, name, email) VALUES (1, 'Ada', 'ada@secret.example'), (2, 'Bo', 'bob@secret.example');
  INSERT INTO orders VALUES (1, 1, 10), (2, 2, 20);
  INSERT INTO salaries VALUES (1, 9000, 1);
  INSERT INTO words(words) VALUES ('rebuild');
  INSERT INTO notes VALUES ('open words');
  ANALYZE;`

const open = shareDatabase(shop)

describe('with a list of tables', () => {
  const change: Change = { tables: ['customers', 'orders', 'pay_report', 'notes'] }

  test.each([
    'SELECT * FROM salaries',
    'SELECT count(*) FROM salaries',
    'SELECT count(*) FROM main.salaries',
    'SELECT (SELECT amount FROM salaries)',
    'SELECT 1 FROM orders WHERE EXISTS (SELECT 1 FROM "Salaries")',
    'SELECT 1 WHERE 9000 IN salaries',
    "SELECT * FROM 'salaries'",
    'SELECT * FROM [salaries] AS orders',
    'WITH x AS (SELECT * FROM salaries) SELECT * FROM x',
    'SELECT * FROM orders NATURAL JOIN salaries',
    'SELECT * FROM orders UNION SELECT id, amount, 1 FROM salaries',
    'EXPLAIN SELECT * FROM salaries',
    'EXPLAIN QUERY PLAN SELECT * FROM salaries',
    'SELECT * FROM pay',
    'SELECT count(*) FROM pay',
    'SELECT * FROM contact',
    'SELECT * FROM words',
    'SELECT * FROM vocabulary',
    'SELECT * FROM notes_content',
    'SELECT * FROM notes_data',
    'SELECT sql FROM sqlite_schema',
    'SELECT sql FROM sqlite_master',
    'SELECT * FROM sqlite_stat1',
    'SELECT * FROM sqlite_temp_schema',
    'SELECT * FROM dbstat',
    'SELECT 1 FROM orders JOIN customers ON 1 = 1, salaries',
    'SELECT 1 FROM (orders, salaries)',
    'SELECT 1 FROM orders, (pay)',
    'SELECT (WITH x AS (SELECT 1) SELECT count(*) FROM x, salaries)',
    'SELECT * FROM pragma_table_list',
  ])('%s is not open', async (text) => {
    expect(await outcome(await open(change), text)).toBe('not_open')
  })

  test.each([
    'PRAGMA table_info(salaries)',
    "SELECT * FROM pragma_table_info('salaries')",
    'PRAGMA index_list(salaries)',
    'PRAGMA table_list',
    'PRAGMA database_list',
    'PRAGMA integrity_check',
  ])('%s is refused', async (text) => {
    expect(await outcome(await open(change), text)).toMatch(/refused|not_open/)
  })

  test.each([
    ['SELECT total FROM orders', [[10], [20]]],
    ['SELECT twice FROM pay_report', [[18_000]]],
    ['SELECT salaries FROM pay_report', [[1]]],
    [
      'WITH salaries AS (SELECT total AS amount FROM orders) SELECT amount FROM salaries',
      [[10], [20]],
    ],
    ["SELECT body FROM notes WHERE notes MATCH 'open'", [['open words']]],
    ["SELECT name FROM pragma_table_info('orders')", [['id'], ['customer_id'], ['total']]],
    ["SELECT value FROM json_each('[1]')", [[1]]],
    ['WITH n AS (SELECT 1) SELECT count(*) FROM n', [[1]]],
  ])('%s is answered', async (text, rows) => {
    expect(await outcome(await open(change), text)).toEqual(rows)
  })

  test.each([
    'WITH pay_report AS (SELECT amount FROM salaries) SELECT * FROM pay_report',
    'WITH "Pay_Report"(a) AS MATERIALIZED (SELECT amount FROM salaries) SELECT a FROM "Pay_Report"',
    "WITH 'pay' AS NOT MATERIALIZED (SELECT amount FROM salaries) SELECT * FROM pay",
    'WITH x AS (SELECT 1), [pay] AS (SELECT amount FROM salaries) SELECT * FROM [pay]',
    'SELECT * FROM (SELECT amount FROM salaries) AS pay_report',
    'SELECT amount FROM (salaries JOIN orders) AS pay_report',
    'SELECT amount FROM salaries AS pay_report',
    'WITH RECURSIVE x(a) AS (SELECT amount FROM salaries UNION ALL SELECT a FROM x, pay_report) SELECT a FROM x',
    'SELECT twice, (SELECT amount FROM salaries WHERE amount > twice) FROM pay_report',
    'SELECT * FROM pay_report WHERE (SELECT amount FROM salaries) > 0',
    'SELECT * FROM pay_report JOIN salaries ON salaries.amount = twice',
    'SELECT * FROM (SELECT * FROM pay_report, salaries)',
    'SELECT sum(twice) FILTER (WHERE 1 IN salaries) FROM pay_report',
    'SELECT * FROM (WITH/**/pay_report/**/AS/**/(SELECT amount FROM salaries) SELECT * FROM pay_report)',
  ])('nothing borrows the name or the right of an open view: %s', async (text) => {
    expect(await outcome(await open(change), text)).toMatch(/refused|not_open/)
  })

  test('the schema shows open tables only, and no key that leads to a closed one', async () => {
    const { guard, source } = await open({ tables: ['orders', 'pay_report'] })
    const shown = guard.show(await source.catalog(AbortSignal.timeout(5000)))
    expect(shown.tables.map(({ name }) => name)).toEqual(['orders', 'pay_report'])
    expect(shown.tables[0]?.foreignKeys).toEqual([])
    expect(JSON.stringify(shown)).not.toMatch(/salaries WHERE|customers|CREATE/)
  })
})

describe('with a masked column', () => {
  const change: Change = { columns: { 'Customers.EMAIL': 'mask' } }

  test.each([
    'SELECT email FROM customers',
    'SELECT c.email FROM customers AS c',
    'SELECT upper(email) FROM customers',
    'SELECT domain FROM customers',
    'SELECT shout FROM customers',
    'SELECT email FROM contact',
    'SELECT (SELECT email FROM customers WHERE id = 1)',
    'SELECT max(email) FROM customers',
    "SELECT json_group_array(email) FROM customers WHERE email LIKE 'a%'",
    'SELECT group_concat(email) FROM (SELECT * FROM customers)',
    'WITH c AS (SELECT * FROM customers) SELECT email FROM c',
    "SELECT 1 FROM customers WHERE email LIKE 'ada%'",
    "SELECT CASE WHEN email > 'a' THEN 'secret' END FROM customers",
    'SELECT email FROM customers ORDER BY email',
    'SELECT x FROM (SELECT email AS x FROM customers)',
    'SELECT first_value(email) OVER (ORDER BY id) FROM customers',
  ])('%s tells nothing of it', async (text) => {
    const { rows } = await run(await open(change), text)
    expect(rows.flat().filter((value) => value !== null && value !== '[]')).toEqual([])
  })

  test.each([
    "WITH x(email) AS (VALUES ('ada@secret.example')) SELECT 1 FROM customers JOIN x USING (email)",
    'SELECT c.id FROM customers c JOIN customers d USING (id, "Email")',
    'SELECT 1 FROM contact NATURAL JOIN customers',
    'SELECT 1 FROM orders NATURAL LEFT OUTER JOIN customers',
    'SELECT 1 FROM orders LEFT NATURAL JOIN customers',
  ])('%s is refused, for rows that match would tell it', async (text) => {
    expect(await outcome(await open(change), text)).toMatch(/not_open|syntax_error/)
  })

  test.each([
    'SELECT o.id FROM orders o JOIN customers USING (id)',
    'SELECT count(*) FROM orders NATURAL JOIN (SELECT 1 AS id)',
    'SELECT c.id FROM customers c JOIN customers d ON c.email = d.email',
  ])('%s is answered', async (text) => {
    expect(await outcome(await open(change), text)).toBeInstanceOf(Array)
  })

  test.each([
    "SELECT * FROM words WHERE words MATCH 'secret'",
    'SELECT * FROM vocabulary',
    'SELECT c0, c1 FROM words_content',
    'SELECT * FROM words_data',
    'SELECT sql FROM sqlite_schema',
  ])('%s is not open, for it would tell', async (text) => {
    expect(await outcome(await open(change), text)).toMatch(/not_open|unknown_table/)
  })

  test('an answer names the masked columns it would have shown, and keeps the others', async () => {
    const { columns, rows, masked } = await run(await open(change), 'SELECT * FROM customers')
    expect(columns.map(({ name }) => name)).toEqual(['id', 'name', 'email', 'domain', 'shout'])
    expect(rows[0]).toEqual([1, 'Ada', null, null, null])
    expect(masked).toEqual(['customers.email', 'customers.domain', 'customers.shout'])
  })

  test('the schema marks it', async () => {
    const { guard, source } = await open(change)
    const shown = guard.show(await source.catalog(AbortSignal.timeout(5000)))
    const customers = shown.tables.find(({ name }) => name === 'customers')
    const marked = customers?.columns.filter(({ masked }) => masked).map(({ name }) => name)
    expect(marked).toEqual(['email', 'domain', 'shout'])
  })
})

describe('with a hidden column', () => {
  const change: Change = { columns: { 'customers.email': 'hide' } }

  test('a star leaves it out', async () => {
    const { columns, rows } = await run(await open(change), 'SELECT * FROM customers')
    expect(columns.map(({ name }) => name)).not.toContain('email')
    expect(rows[0]).toEqual([1, 'Ada'])
  })

  test.each(['SELECT email FROM customers', 'SELECT 1 FROM customers WHERE "email" > 1'])(
    '%s is not open',
    async (text) => {
      expect(await outcome(await open(change), text)).toBe('not_open')
    },
  )

  test('a star leaves out no column of the same name that is open', async () => {
    const path = makeDatabase(`
      CREATE TABLE a(id, email); CREATE TABLE b(id, email); CREATE VIEW v AS SELECT id, email FROM b;
      INSERT INTO a VALUES (1, 'closed'); INSERT INTO b VALUES (1, NULL);`)
    const served = await openTestSource(path, { columns: { 'a.email': 'hide' } })
    const { columns, rows } = await run(served, 'SELECT * FROM a, b, v')
    expect(columns.map(({ name }) => name)).toEqual(['id', 'id', 'email', 'id', 'email'])
    expect(rows).toEqual([[1, 1, null, 1, null]])
  })

  test('through a view it is NULL', async () => {
    const { rows } = await run(await open(change), 'SELECT name, length(name) FROM contact')
    expect(rows).toEqual([
      ['Ada', 3],
      ['Bo', 2],
    ])
    expect(await outcome(await open(change), 'SELECT * FROM contact')).toEqual([['Ada'], ['Bo']])
  })
})

test('names that objects answer to by themselves open nothing', async () => {
  const path = makeDatabase(
    'CREATE TABLE "constructor"(a); CREATE TABLE "__proto__"(a); CREATE TABLE t(a)',
  )
  const served = await openTestSource(path, { tables: ['t'] })
  expect(await outcome(served, 'SELECT a FROM "constructor"')).toBe('not_open')
  expect(await outcome(served, 'SELECT a FROM "__proto__"')).toBe('not_open')
})

test('tables whose names differ in letters beyond ASCII are kept apart', async () => {
  const path = makeDatabase('CREATE TABLE "Ä"(a); CREATE TABLE "ä"(a); INSERT INTO "Ä" VALUES (1)')
  const served = await openTestSource(path, { tables: ['ä'] })
  expect(await outcome(served, 'SELECT a FROM "Ä"')).toBe('not_open')
  expect(await outcome(served, 'SELECT a FROM "ä"')).toEqual([])
})
