import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { openTestSource, outcome } from '../support/open.ts'
import { hasPostgres, makePostgres } from '../support/postgres.ts'

const secret = 'ada@shop.example'

const tablesSql = `
  CREATE TABLE customers(id int, name varchar, email text);
  INSERT INTO customers VALUES (1, 'Ada', '${secret}');
  CREATE TABLE people(name text);
  CREATE TABLE vip(name text);
  INSERT INTO vip VALUES ('${secret}');
  CREATE TABLE own(id int);
  INSERT INTO own VALUES (1);
  ALTER TABLE own ENABLE ROW LEVEL SECURITY;
  ALTER TABLE own FORCE ROW LEVEL SECURITY;
  CREATE POLICY p ON own USING (true);
  CREATE VIEW names AS SELECT id, name::text FROM customers;
  CREATE VIEW above AS SELECT * FROM names;
  CREATE FUNCTION plain(text) RETURNS text LANGUAGE sql AS $$ SELECT upper($1) $$;
  CREATE FUNCTION acts() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN '${secret}'; END $$`

const leakingView = 'CREATE OR REPLACE VIEW names AS SELECT id, email AS name FROM customers'
const acting =
  'CREATE OR REPLACE FUNCTION plain(text) RETURNS text LANGUAGE sql AS $$ SELECT acts() $$'
const honestView = 'CREATE OR REPLACE VIEW names AS SELECT id, name::text FROM customers'

/** What is done to the database after it was looked at, and what is asked then. */
const changes: readonly (readonly [sql: string, text: string, result: unknown])[] = [
  ['ALTER TABLE customers RENAME email TO mail', 'SELECT mail FROM customers', 'config_invalid'],
  [
    `DROP TABLE customers CASCADE; CREATE TABLE customers(email text, id int); INSERT INTO customers VALUES ('${secret}', 1)`,
    'SELECT * FROM customers',
    'unknown_column',
  ],
  [leakingView, 'SELECT name FROM names', 'not_open'],
  [leakingView, 'SELECT name FROM above', 'not_open'],
  ['CREATE OR REPLACE VIEW names AS SELECT id, acts() AS name FROM customers', 'SELECT name FROM names', 'statement_refused'],
  [
    'CREATE FUNCTION lower(varchar) RETURNS text LANGUAGE sql AS $$ SELECT acts() $$',
    'SELECT lower(name) FROM customers',
    'statement_refused',
  ],
  [
    acting,
    "SELECT plain('a')",
    'statement_refused',
  ],
  [
    'ALTER POLICY p ON own USING (acts() IS NOT NULL)',
    'SELECT id FROM own',
    'statement_refused',
  ],
  ['ALTER TABLE vip INHERIT people', 'SELECT name FROM people', [[null]]],
  ['ALTER TABLE people RENAME TO old; ALTER TABLE vip RENAME TO people', 'SELECT name FROM people', 'config_invalid'],
] // prettier-ignore

const columns = { 'customers.email': 'mask', 'vip.name': 'mask' } as const

describe.runIf(hasPostgres)('a database of PostgreSQL that changes after it was looked at', () => {
  test.each(changes)('opens nothing: %s', async (sql, text, result) => {
    const database = await makePostgres(tablesSql)
    const served = await openTestSource('', { url: database.url(), columns })
    expect(await outcome(served, 'SELECT id FROM own')).toEqual([[1]])
    // What has been found unchanged once is looked at again.
    for (let asked = 0; asked < 2; asked++) await outcome(served, text)
    await database.run(sql)
    const got = await outcome(served, text)
    expect(JSON.stringify(got)).not.toContain(secret)
    expect(got).toEqual(result)
  })

  test('opens nothing by a change that was under way before', async () => {
    const database = await makePostgres(tablesSql)
    const served = await openTestSource('', { url: database.url(), columns })
    const text = "SELECT plain('a')"
    const client = new pg.Client(database.url())
    await client.connect()
    try {
      await client.query('BEGIN')
      await client.query(acting)
      expect(await outcome(served, text)).toEqual([['A']])
      expect(await outcome(served, text)).toEqual([['A']])
      await client.query('COMMIT')
      expect(await outcome(served, text)).toBe('statement_refused')
    } finally {
      await client.end()
    }
  })

  test('while it is asked opens nothing either, and honest questions are answered', async () => {
    const database = await makePostgres(tablesSql)
    const served = await openTestSource('', { url: database.url(), columns })
    const seen: unknown[] = []
    for (let round = 0; round < 12; round++) {
      await database.run(honestView)
      served.source.refresh(0)
      const first = outcome(served, 'SELECT name FROM above')
      seen.push(await first)
      const changed = database.run(leakingView)
      for (let asked = 0; asked < 8; asked++) seen.push(await outcome(served, 'SELECT name FROM above'))
      await changed
    }
    expect(new Set(seen.map(String))).toEqual(new Set(['Ada', 'not_open']))
  }, 30_000) // prettier-ignore
})
