import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openTestSource, outcome, run } from '../support/open.ts'
import { hasPostgres, makePostgres, type TestDatabase } from '../support/postgres.ts'

const long = `l${'o'.repeat(57)}ng`

const sql = `
  CREATE TABLE customers (id int PRIMARY KEY, name text, email text, born int);
  INSERT INTO customers VALUES (1, 'Ada', 'ada@x', 1815), (2, 'Grace', 'grace@x', NULL), (3, NULL, NULL, NULL);
  CREATE TABLE merchants (shop text) INHERITS (customers);
  INSERT INTO merchants VALUES (4, 'Karen', 'karen@x', NULL, 'Index');
  CREATE TABLE orders (id int PRIMARY KEY, customer_id int, total numeric);
  INSERT INTO orders VALUES (1, 1, 10), (2, 1, 20), (3, 4, 5);
  CREATE SCHEMA app;
  CREATE TABLE app.customers (id int, name text, email text);
  INSERT INTO app.customers VALUES (1, 'of the app', 'app@x');
  CREATE TABLE "c!stomers" (id int, email text);
  INSERT INTO "c!stomers" VALUES (9, 'mark@x');
  CREATE TABLE ${long}1 (id int, email text);
  INSERT INTO ${long}1 VALUES (1, 'one@x');
  CREATE TABLE ${long}2 (id int, email text);
  INSERT INTO ${long}2 VALUES (2, 'two@x');
  CREATE SCHEMA masked;
  CREATE TABLE masked.customers AS SELECT id, name, NULL::text AS email, born FROM ONLY customers;
  CREATE TABLE masked.merchants (shop text) INHERITS (masked.customers);
  INSERT INTO masked.merchants SELECT id, name, NULL, born, shop FROM merchants;
  CREATE TABLE masked.orders AS SELECT * FROM orders;`

const columns = {
  'customers.email': 'mask',
  'c!stomers.email': 'mask',
  [`${long}1.email`]: 'mask',
  [`${long}2.email`]: 'mask',
} as const

const makeSource = async (database: TestDatabase) =>
  openTestSource('', { url: database.url(), columns })

const ids = [[1], [2], [3]]
const allIds = [...ids, [4]]

const answers: readonly (readonly [string, readonly unknown[][]])[] = [
  ['SELECT id FROM ONLY customers WHERE email IS NULL ORDER BY id', ids],
  ['SELECT id FROM ONLY (customers) WHERE email IS NULL ORDER BY id', ids],
  ['SELECT id FROM ONLY(public.customers) c WHERE c.email IS NULL ORDER BY id', ids],
  ['SELECT id FROM customers * WHERE email IS NULL ORDER BY id', allIds],
  ['SELECT id FROM customers* AS c WHERE c.email IS NULL ORDER BY id', allIds],
  ['SELECT count(*), count(a.email), count(b.email) FROM ONLY customers a JOIN customers b USING (id)', [[3, 0, 0]]],
  ['SELECT id FROM (TABLE ONLY customers) c WHERE email IS NULL ORDER BY id', ids],
  ['SELECT id FROM (TABLE ONLY (customers)) c WHERE email IS NULL ORDER BY 1', ids],
  ['SELECT id FROM (TABLE customers *) c WHERE email IS NULL ORDER BY 1', allIds],
  [`SELECT id, email FROM U&"c!0021stomers" UESCAPE '!'`, [[9, null]]],
  [`SELECT id, email FROM public . U&"c\\0021stomers" AS c`, [[9, null]]],
  ['(WITH x AS (SELECT 1) SELECT id FROM customers WHERE email IS NULL) ORDER BY id', allIds],
  ['((WITH RECURSIVE x AS (SELECT 1) SELECT id FROM customers WHERE email IS NULL) ORDER BY id) LIMIT 1', [[1]]],
  ['(SELECT email FROM customers LIMIT 1) UNION ALL (SELECT email FROM customers LIMIT 1)', [[null], [null]]],
  ['SELECT a.email, c.email FROM app.customers a JOIN customers c USING (id)', [['app@x', null]]],
  ['SELECT a.email, c.email FROM app.customers a, public.customers c WHERE a.id = c.id', [['app@x', null]]],
  [`SELECT a.email, b.email, a.id, b.id FROM ${long}1 a, ${long}2 b`, [[null, null, 1, 2]]],
  ['WITH "open 1" AS (SELECT 7 AS id) SELECT o.id, count(c.email) FROM "open 1" o, customers c GROUP BY 1', [[7, 0]]],
  ['WITH customers AS (SELECT * FROM customers) SELECT count(email), count(*) FROM customers', [[0, 4]]],
  ['SELECT customers.email FROM"customers"WHERE id=1', [[null]]],
  ['(WITH x AS (SELECT 1) SELECT id FROM customers) ORDER BY (SELECT max(email) FROM customers), id', allIds],
  ['SELECT c.id FROM customers c JOIN customers d USING (id) WHERE c::text IS NOT NULL ORDER BY 1', allIds],
] // prettier-ignore

describe.runIf(hasPostgres)('a table of PostgreSQL with closed columns', () => {
  test('is read wherever and however a statement may name it', async () => {
    const served = await makeSource(await makePostgres(sql))
    for (const [text, rows] of answers) {
      expect({ text, rows: await outcome(served, text) }).toEqual({ text, rows })
    }
    await run(served, 'EXPLAIN (VERBOSE) (WITH x AS (SELECT 1) SELECT email FROM customers)')
    await run(served, 'EXPLAIN VERBOSE SELECT email FROM ONLY customers')
  }, 30_000)

  test('is refused as ours, with a hint, where nothing can stand in for it', async () => {
    const served = await makeSource(await makePostgres(sql))
    const refused: readonly (readonly [string, RegExp])[] = [
      ['SELECT email FROM customers TABLESAMPLE BERNOULLI (50)', /Leave out TABLESAMPLE/],
      ['SELECT email FROM ONLY customers AS "c" TABLESAMPLE SYSTEM (50)', /Leave out TABLESAMPLE/],
      [`SELECT email FROM ${Array(1001).fill('customers').join(',')}`, /fewer times/],
    ]
    for (const [text, hint] of refused) {
      await expect(run(served, text)).rejects.toMatchObject({
        code: 'statement_refused',
        hint: expect.stringMatching(hint),
      })
    }
  }, 30_000)

  test('answers as if the closed column held NULL', async () => {
    const database = await makePostgres(sql)
    const served = await makeSource(database)
    let answered = 0
    await fc.assert(
      fc.asyncProperty(statements, async (write) => {
        const [text, bare] = [write(''), write('masked.')]
        const expected = await database.run(bare).then(plain, () => 'failed')
        const actual = await run(served, text).then(({ rows }) => plain(rows), () => 'failed')
        if (expected !== 'failed') answered++
        expect({ text, actual }).toEqual({ text, actual: expected })
      }),
      { numRuns: 250 },
    )
    expect(answered).toBeGreaterThan(200)
  }, 60_000) // prettier-ignore
})

const plain = (rows: readonly (readonly unknown[])[]): string[] =>
  rows.map((row) => row.map(String).join('|')).toSorted()

/** Of statements: with the schema before the tables, as in the copy, or without. */
type Write = (schema: string) => string

const from = (names: readonly string[]) => fc.constantFrom(...names)

const expressions = from([
  'c.id', 'c.name', 'c.email', "coalesce(c.email, 'none')", 'length(c.email)', 'c.email IS NULL', "c.name || c.email",
  "CASE WHEN c.email LIKE '%x' THEN 1 ELSE 0 END", 'upper(c.name)', 'c::text', 'to_jsonb(c)::text', '(c).email', 'c.born',
  "c.email IN ('ada@x', 'grace@x')", 'c.*',
]) // prettier-ignore

const sources = from([
  'customers c', 'customers AS c', 'ONLY customers c', 'ONLY (customers) AS c', 'customers * c', '"customers" c',
  '(SELECT * FROM customers) c', '(TABLE ONLY customers) c', 'customers c JOIN orders o ON o.customer_id = c.id',
  'orders o RIGHT JOIN customers c ON o.customer_id = c.id', 'customers c LEFT JOIN customers d ON d.email = c.email',
  '(customers x CROSS JOIN (SELECT 1 AS one) y) AS c', '((SELECT 1 AS one) y LEFT JOIN customers ON true) c',
  'customers c, LATERAL (SELECT max(d.email) FROM customers d WHERE d.id >= c.id) m',
]) // prettier-ignore

const conditions = from([
  'true', 'c.email IS NOT NULL', "c.email > 'b'", 'c.id > 1', 'c.id IN (SELECT customer_id FROM orders)',
  'EXISTS (SELECT FROM customers e WHERE e.email = c.email)', 'c.email = ANY (SELECT email FROM customers)',
  'NOT (c.email IS NULL)', 'c.email IS NOT DISTINCT FROM NULL', "c.email ~ 'x$' OR c.id = 2",
]) // prettier-ignore

const frames = from([
  '$', '($)', 'WITH x AS ($) SELECT * FROM x', '(WITH y AS (SELECT 1) $)', '$ UNION ALL $', '($) INTERSECT ($)',
  'SELECT count(*) FROM ($) AS q', 'WITH RECURSIVE customers2 AS ($) TABLE customers2', "SELECT string_agg(q::text, ',' ORDER BY q::text) FROM ($) q",
]) // prettier-ignore

const statements: fc.Arbitrary<Write> = fc
  .tuple(expressions, sources, conditions, frames)
  .map(([expression, source, condition, frame]) => {
    const query = `SELECT ${expression} FROM ${source} WHERE ${condition}`
    const text = frame.replaceAll('$', () => query)
    return (schema) =>
      text.replaceAll(/(?<=(?:FROM|JOIN|ONLY|TABLE) \(?)"?(customers|orders)\b"?/g, `${schema}$1`)
  })
