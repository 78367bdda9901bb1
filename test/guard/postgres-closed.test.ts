import { describe, expect, onTestFinished, test } from 'vitest'
import { openTestSource, outcome, run } from '../support/open.ts'
import { asSuperuser, hasPostgres, makePostgres, randomName, server } from '../support/postgres.ts'

const secret = 'ada@shop.example'

const tablesSql = `
  CREATE DOMAIN address AS text NOT NULL CHECK (VALUE LIKE '%@%');
  CREATE TYPE "Odd" AS ENUM ('x');
  CREATE TABLE customers(id int PRIMARY KEY, name text, email address, odd "Odd",
    lowered text GENERATED ALWAYS AS (lower(email)) STORED, size int GENERATED ALWAYS AS (length(name)) STORED);
  INSERT INTO customers VALUES (1, 'Ada', '${secret}', 'x');
  CREATE TABLE orders(id int PRIMARY KEY, customer_id int REFERENCES customers(id), total int);
  INSERT INTO orders VALUES (1, 1, 5), (2, 1, 7);
  CREATE TABLE vip() INHERITS (customers);
  INSERT INTO vip(id, name, email) VALUES (9, 'Vera', '${secret}');
  CREATE VIEW aliased AS SELECT c.e FROM customers c(i, n, e);
  CREATE VIEW joined AS SELECT j.x FROM (customers c JOIN orders o ON true) j(x1, x2, x);
  CREATE MATERIALIZED VIEW kept AS SELECT c.e FROM customers c(i, n, e);
  CREATE VIEW of_vip AS SELECT email FROM vip;
  CREATE VIEW names AS SELECT id, name FROM customers;
  CREATE TABLE parts(k int, email text) PARTITION BY RANGE (k);
  CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10);
  INSERT INTO parts VALUES (1, '${secret}')`

describe.runIf(hasPostgres)('closed columns of PostgreSQL', () => {
  test('stay closed in what is generated from them, inherits them, or shows them by another name', async () => {
    const served = await openTestSource('', {
      url: (await makePostgres(tablesSql)).url(),
      columns: { 'customers.email': 'mask', 'customers.odd': 'mask', 'parts_1.email': 'mask' },
    })
    for (const text of [
      'SELECT * FROM customers',
      'SELECT lowered FROM customers',
      'SELECT c FROM customers c',
      'SELECT email FROM vip',
      'SELECT * FROM vip',
      'SELECT * FROM of_vip',
      'SELECT * FROM aliased',
      'SELECT * FROM joined',
      'SELECT * FROM kept',
      'SELECT email FROM parts',
      'SELECT email FROM parts_1',
      'SELECT email FROM ONLY customers',
      'SELECT c.email FROM public.customers c',
      'SELECT (SELECT email FROM customers LIMIT 1)',
      'SELECT j FROM (customers c CROSS JOIN orders o) AS j',
      'SELECT to_json(j) FROM (orders o JOIN (customers c CROSS JOIN names n) ON true) j',
      'SELECT max(j::text) FROM (names NATURAL JOIN orders) n, (customers c CROSS JOIN orders o) j',
      'SELECT o.id FROM orders o WHERE EXISTS (SELECT 1 FROM customers WHERE email LIKE $$ada%$$)',
    ]) {
      const result = JSON.stringify(await outcome(served, text))
      expect({ text, leaks: result.includes(secret) || result === '[[1],[2]]' }).toEqual({
        text,
        leaks: false,
      })
    }
    const all = await run(served, 'SELECT email, odd, lowered, size FROM customers WHERE id = 1')
    expect(all.rows).toEqual([[null, null, null, 3]])
    expect(all.masked.toSorted()).toEqual(['customers.email', 'customers.lowered', 'customers.odd'])
  })

  test('are not in the way of a statement that does not touch them', async () => {
    const served = await openTestSource('', {
      url: (await makePostgres(tablesSql)).url(),
      columns: { 'customers.email': 'hide' },
    })
    const grouped = `SELECT c.id, c.name, sum(o.total) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.id`
    expect(await outcome(served, grouped)).toEqual([[1, 'Ada', 12]])
    expect(
      await outcome(served, 'SELECT public.customers.name FROM public.customers WHERE id = 1'),
    ).toEqual([['Ada']])
    expect(await outcome(served, 'SELECT name FROM names WHERE id = 1')).toEqual([['Ada']])
    expect(await outcome(served, 'SELECT ctid FROM ONLY customers')).toHaveLength(1)
    expect(await outcome(served, 'SELECT email FROM customers')).toMatch(
      /^(unknown_column|not_open)$/,
    )
  })

  test('nothing tells of a closed table, and what tells of an open one is answered', async () => {
    const database = await makePostgres(
      `${tablesSql}; COMMENT ON TABLE vip IS 'x'; CREATE SEQUENCE numbers;
      CREATE VIEW over_vip AS SELECT id FROM vip WHERE name = 'Vera';
      CREATE TABLE own(id int); ALTER TABLE own ENABLE ROW LEVEL SECURITY;
      CREATE POLICY p ON own USING (EXISTS (SELECT FROM vip WHERE name = 'Vera'))`,
    )
    const served = await openTestSource('', {
      url: database.url(),
      tables: ['orders', 'names', 'over_vip', 'own'],
    })
    for (const text of [
      "SELECT pg_total_relation_size('vip')",
      "SELECT pg_relation_size('public.vip'::regclass)",
      "SELECT pg_table_size('vip'::text::regclass)",
      'SELECT pg_relation_size(i) FROM generate_series(16000, 17000) i',
      "SELECT pg_relation_size(('vi' || 'p')::regclass)",
      `SELECT pg_relation_size('orders, vip')`,
      "SELECT pg_stat_get_live_tuples('vip'::regclass)",
      "SELECT pg_sequence_last_value('numbers')",
      "SELECT * FROM pg_sequence_parameters('numbers'::regclass)",
      "SELECT pg_describe_object('pg_class'::regclass, 'vip'::regclass, 1)",
      "SELECT (pg_identify_object('pg_class'::regclass, 'vip'::regclass, 1)).identity",
      "SELECT obj_description('vip'::regclass)",
      'SELECT pg_database_size(current_database())',
      'EXPLAIN SELECT * FROM over_vip',
      'EXPLAIN (VERBOSE, FORMAT JSON) SELECT 1 FROM orders WHERE EXISTS (SELECT FROM over_vip)',
      'EXPLAIN SELECT * FROM own',
      'SELECT * FROM pg_settings',
    ]) {
      const result = await outcome(served, text)
      expect({ text, result }).toEqual({
        text,
        result: expect.stringMatching(/^(not_open|statement_refused)$/),
      })
    }
    for (const text of [
      "SELECT pg_size_pretty(pg_total_relation_size('orders')), pg_table_size('public.orders'::regclass)",
      `SELECT pg_indexes_size('"orders"')`,
      'SELECT id FROM over_vip',
      'EXPLAIN SELECT * FROM orders',
    ]) {
      expect({ text, result: await outcome(served, text) }).toEqual({
        text,
        result: [expect.anything()],
      })
    }
  })

  test('a listed table gives the rows of its children and partitions, which are closed themselves', async () => {
    const served = await openTestSource('', {
      url: (await makePostgres(tablesSql)).url(),
      tables: ['customers', 'parts'],
      columns: { 'customers.email': 'mask', 'parts.email': 'mask' },
    })
    expect(await outcome(served, 'SELECT id, email FROM customers ORDER BY id')).toEqual([
      [1, null],
      [9, null],
    ])
    expect(await outcome(served, 'SELECT id FROM ONLY customers')).toEqual([[1]])
    expect(await outcome(served, 'SELECT * FROM parts')).toEqual([[1, null]])
    expect(await outcome(served, 'SELECT id FROM vip')).toBe('not_open')
    expect(await outcome(served, 'SELECT k FROM parts_1')).toBe('not_open')
  })

  test('are named as the server reads names, also where its characters have one byte', async () => {
    const name = randomName()
    await asSuperuser(
      `CREATE DATABASE ${name} ENCODING LATIN1 LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`,
    )
    onTestFinished(async () => {
      await asSuperuser(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    })
    const long = 'é'.repeat(40)
    await asSuperuser(
      `CREATE TABLE t("prénom" text, "${long}" int); INSERT INTO t VALUES ('É', 1)`,
      name,
    )
    const { host, port, user } = server
    const url = `postgres://${user}@${host}:${port}/${name}`
    const served = await openTestSource('', { url, columns: { 't.prénom': 'mask' } })
    expect(await outcome(served, `SELECT prénom, "prénom", 'É' FROM t`)).toEqual([
      [null, null, 'É'],
    ])
    expect(await outcome(served, 'SELECT PRÉNOM FROM t')).toBe('statement_refused')
    expect(await outcome(served, `SELECT "${long}" FROM t`)).toBe('statement_refused')
  })

  test('of a name that two columns answer to close the source, rather than one of them', async () => {
    const served = await openTestSource('', {
      url: (await makePostgres(`CREATE TABLE t("Email" text, "EMAIL" text)`)).url(),
      columns: { 't.email': 'mask' },
    })
    expect(await outcome(served, 'SELECT * FROM t')).toBe('config_invalid')
  })
})
