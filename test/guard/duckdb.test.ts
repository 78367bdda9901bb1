import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeDuckdb, makeFiles, openDuckdb } from '../support/duckdb.ts'
import { scratchFolder } from '../support/scratch.ts'
import { shared } from '../support/shared.ts'
import { type Change, noSignal, outcome, run } from '../support/open.ts'

const shop = `
  CREATE TABLE customers(id INTEGER PRIMARY KEY, name VARCHAR, email VARCHAR, shout VARCHAR AS (upper(email)));
  CREATE TABLE orders(id INTEGER PRIMARY KEY, customer_id INTEGER, total INTEGER);
  CREATE TABLE salaries(id INTEGER, amount INTEGER);
  CREATE SCHEMA hr;
  CREATE TABLE hr.customers(id INTEGER, email VARCHAR);
  CREATE VIEW contact AS SELECT name, email FROM customers;
  CREATE VIEW qualified AS SELECT email FROM test.main.customers;
  CREATE VIEW hr.people AS SELECT email FROM customers;
  CREATE VIEW hr.bills AS SELECT total FROM orders;
  CREATE VIEW pay AS SELECT sum(amount) AS paid FROM salaries;
  CREATE VIEW pay_report AS SELECT paid * 2 AS twice FROM pay;
  CREATE MACRO mail_of(i) AS (SELECT email FROM customers WHERE id = i);
  CREATE MACRO mails() AS TABLE SELECT email FROM customers;
  CREATE MACRO pay_of(i) AS (SELECT amount FROM salaries WHERE id = i);
  CREATE MACRO pays() AS TABLE SELECT amount FROM salaries;
  INSERT INTO customers VALUES (1, 'Ada', 'ada@secret.example'), (2, 'Bo', 'bob@secret.example');
  INSERT INTO hr.customers VALUES (1, 'hr@open.example');
  INSERT INTO orders VALUES (1, 1, 10), (2, 2, 20);
  INSERT INTO salaries VALUES (1, 9000);`

const open = shared(async (change: Change, whenDone) =>
  openDuckdb(
    await makeDuckdb(shop, join(scratchFolder(whenDone), 'test.duckdb')),
    change,
    whenDone,
  ),
)

describe('with a list of tables', () => {
  const change: Change = { tables: ['customers', 'orders', 'pay_report'] }

  test('closed tables are not read, by any path', async () => {
    const served = await open(change)
    for (const text of [
      'SELECT * FROM salaries',
      'SELECT count(*) FROM main.salaries',
      'FROM test.main.salaries',
      'FROM test.salaries',
      'FROM "SALARIES"',
      'SELECT (SELECT amount FROM salaries)',
      'WITH x AS (SELECT * FROM salaries) SELECT * FROM x',
      'WITH x AS (FROM salaries), salaries AS (SELECT 1) FROM x',
      'WITH salaries AS (FROM salaries) FROM salaries',
      'WITH RECURSIVE salaries AS (FROM salaries UNION ALL FROM salaries) FROM salaries',
      'WITH salaries AS (SELECT 1) FROM main.salaries',
      'SELECT * FROM (WITH salaries AS (SELECT 1) FROM salaries), salaries',
      'SELECT * FROM orders UNION ALL (WITH salaries AS (SELECT 1) SELECT 1, 1, 1) UNION ALL SELECT id, amount, 1 FROM salaries',
      'DESCRIBE salaries',
      'SUMMARIZE salaries',
      'SHOW salaries',
      'EXPLAIN FROM salaries',
      'PIVOT salaries ON amount',
      'UNPIVOT salaries ON amount',
      'SELECT * FROM orders POSITIONAL JOIN salaries',
      'SELECT pay_of(1)',
      'FROM pays()',
      'FROM pay',
      'FROM contact',
      'FROM hr.customers',
      'FROM hr.people',
      "FROM pragma_table_info('salaries')",
      "FROM histogram('salaries', amount)",
      "FROM histogram('orders', total, source := 'salaries')",
      "PRAGMA table_info('salaries')",
    ]) {
      expect({ text, result: await outcome(served, text) }).toEqual({
        text,
        result: expect.stringMatching(/^(not_open|statement_refused)$/),
      })
    }
  })

  test('nothing tells of the whole database', async () => {
    const served = await open(change)
    for (const text of [
      'SHOW TABLES',
      'SHOW ALL TABLES',
      'FROM duckdb_tables()',
      'FROM duckdb_columns',
      'FROM duckdb_views()',
      'FROM information_schema.tables',
      'FROM sqlite_master',
      'FROM pg_catalog.pg_class',
      'FROM pg_views',
      'FROM duckdb_functions()',
      'SELECT pg_get_viewdef(1)',
    ]) {
      expect({ text, result: await outcome(served, text) }).toEqual({
        text,
        result: expect.stringMatching(/^(unknown_table|unknown_function|statement_refused)$/),
      })
    }
  })

  test('what is open is answered, also where a closed name is used for something else', async () => {
    const served = await open(change)
    expect(await outcome(served, 'SELECT total FROM orders ORDER BY 1')).toEqual([[10], [20]])
    expect(await outcome(served, 'FROM pay_report')).toEqual([[18_000]])
    expect(
      await outcome(
        served,
        'WITH salaries AS (SELECT total AS amount FROM orders) SELECT sum(amount) FROM salaries',
      ),
    ).toEqual([[30]])
    expect(await outcome(served, 'SELECT mail_of(1)')).toEqual([['ada@secret.example']])
    expect(await outcome(served, "SELECT name FROM pragma_table_info('orders')")).toHaveLength(3)
  })

  test('the schema shows open tables only', async () => {
    const { guard, source } = await open(change)
    const shown = guard.show(await source.catalog(noSignal))
    expect(shown.tables.map(({ name }) => name)).toEqual(['customers', 'orders', 'pay_report'])
    expect(JSON.stringify(shown)).not.toMatch(/salaries|CREATE/)
  })
})

describe('with a masked column', () => {
  const change: Change = { columns: { 'Customers.EMAIL': 'mask' } }

  test('nothing tells of it: expressions, views, macros, joins, computed columns', async () => {
    const served = await open(change)
    for (const text of [
      'SELECT * FROM customers',
      'FROM main.customers',
      'SELECT upper(email), shout FROM customers',
      'SELECT customers FROM customers',
      "SELECT COLUMNS('.*') FROM customers",
      'SELECT email FROM contact',
      'SELECT * FROM contact',
      'SELECT mail_of(1)',
      'FROM mails()',
      'FROM test.main.customers',
      'FROM test.customers',
      'FROM qualified',
      'FROM hr.people',
      "SELECT c.id FROM customers c JOIN (VALUES ('ada@secret.example')) v(email) USING (email)",
      "SELECT 1 FROM customers NATURAL JOIN (SELECT 'ada@secret.example' AS email)",
      "SELECT 1 FROM customers WHERE email LIKE 'ada%'",
      'SUMMARIZE customers',
      'PIVOT customers ON email USING count(*)',
      'UNPIVOT customers ON email',
      'SELECT list(email), max(email), histogram(email) FROM customers',
      'WITH customers AS (FROM customers) FROM customers',
      'SELECT DISTINCT email FROM customers ORDER BY email',
      "FROM histogram('customers', email)",
      "FROM histogram('customers', shout)",
    ]) {
      const result = JSON.stringify(await outcome(served, text)).toLowerCase()
      expect({ text, leaks: result.includes('secret.example') }).toEqual({ text, leaks: false })
    }
    expect(await outcome(served, "SELECT 1 FROM customers WHERE email LIKE 'ada%'")).toEqual([])
    expect(await outcome(served, 'FROM test.main.customers')).toBe('not_open')
    expect(await outcome(served, 'FROM qualified')).toBe('not_open')
  })

  test('an answer names the masked columns that it may have read, and no others', async () => {
    const served = await open(change)
    expect((await run(served, 'FROM customers')).masked).toEqual([
      'customers.email',
      'customers.shout',
    ])
    expect((await run(served, 'SELECT email FROM contact')).masked).toEqual(['customers.email'])
    for (const whole of [
      'SELECT customers FROM customers',
      'SELECT c FROM customers c',
      'SELECT to_json(c) FROM customers c',
      'SELECT e FROM customers c(i, n, e, s)',
      'SELECT #3 FROM customers',
    ]) {
      expect({ whole, masked: (await run(served, whole)).masked }).toEqual({
        whole,
        masked: ['customers.email', 'customers.shout'],
      })
    }
    expect((await run(served, 'SELECT c.name FROM customers c')).masked).toEqual([])
    expect((await run(served, 'SELECT name FROM customers')).masked).toEqual([])
    expect((await run(served, 'SELECT total FROM orders')).masked).toEqual([])
  })

  test('a view of another schema sees the mask, and its own tables before those of main', async () => {
    const served = await open({ columns: { 'orders.total': 'mask' } })
    expect(await outcome(served, 'FROM hr.bills')).toEqual([[null], [null]])
    expect(await outcome(await open(change), 'FROM hr.people')).toEqual([['hr@open.example']])
  })

  test('a table outside of the schema main is closed where it has a masked column', async () => {
    const served = await open({ columns: { 'hr.customers.email': 'mask' } })
    expect(await outcome(served, 'FROM hr.customers')).toBe('not_open')
    expect(await outcome(served, 'SELECT email FROM customers WHERE id = 1')).toEqual([
      ['ada@secret.example'],
    ])
  })
})

test('a hidden column is not there, and asking for it is told apart from a slip', async () => {
  const served = await open({ columns: { 'customers.email': 'hide' } })
  expect(await outcome(served, 'FROM customers ORDER BY id LIMIT 1')).toEqual([[1, 'Ada', null]])
  expect(await outcome(served, 'SELECT email FROM customers')).toBe('not_open')
  expect(await outcome(served, 'SELECT emial FROM customers')).toBe('unknown_column')
  expect(await outcome(served, 'FROM contact')).toBe('not_open')
})

test('data files are closed like tables, by their paths too', async () => {
  const folder = makeFiles({ 'orders.csv': 'id\n1\n', 'pay.csv': 'amount,iban\n9000,DE1\n' })
  const listed = await openDuckdb(folder, { tables: ['orders'] })
  for (const text of [
    'FROM pay',
    "FROM 'pay.csv'",
    `FROM '${folder}/pay.csv'`,
    "FROM read_csv('pay.csv')",
    "FROM read_csv(['orders.csv', 'pay.csv'])",
    "FROM read_csv('*.csv')",
  ]) {
    expect({ text, result: await outcome(listed, text) }).toEqual({
      text,
      result: expect.stringMatching(/^(not_open|statement_refused)$/),
    })
  }
  expect(await outcome(listed, "FROM 'orders.csv'")).toEqual([[1]])
  expect(await outcome(listed, `FROM read_csv('${folder}/orders.csv')`)).toEqual([[1]])
  const masked = await openDuckdb(folder, { columns: { 'pay.iban': 'mask' } })
  expect(await outcome(masked, "FROM 'pay.csv'")).toEqual([[9000, null]])
  expect(await outcome(masked, "FROM read_csv('pay.csv')")).toBe('statement_refused')
})
