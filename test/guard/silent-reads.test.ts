import { describe, expect, test } from 'vitest'
import { type Change, outcome, shareDatabase } from '../support/open.ts'

/** What SQLite reads without asking its authorizer, and what tells a closed column by another way. */
const shop = `
  PRAGMA foreign_keys = OFF;
  CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT, email TEXT, phone TEXT);
  CREATE TABLE orders(id INTEGER PRIMARY KEY, customer_id INTEGER, total INTEGER, email TEXT, phone TEXT);
  CREATE TABLE salaries(id INTEGER PRIMARY KEY, amount INTEGER, customer_id INTEGER REFERENCES customers(phone));
  CREATE TABLE odd(id INTEGER, email TEXT, "unique" TEXT AS (upper(email)), UNIQUE(id));
  CREATE VIEW pay AS SELECT sum(amount) AS paid FROM salaries;
  CREATE VIEW report AS SELECT paid * 2 AS twice, (SELECT count(*) FROM salaries) AS n FROM pay;
  CREATE VIEW inside AS WITH x AS (SELECT * FROM salaries) SELECT id, amount FROM x;
  CREATE VIEW numbers AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n;
  CREATE VIEW contact AS SELECT id, name, email AS mail FROM customers;
  CREATE VIEW fullv AS SELECT email FROM orders FULL JOIN customers USING (email);
  CREATE VIEW natural_ AS SELECT * FROM (SELECT 1 AS email) NATURAL FULL JOIN customers;
  CREATE VIEW over_fullv AS SELECT email AS e FROM fullv;
  CREATE VIRTUAL TABLE sfts USING fts5(body);
  CREATE VIRTUAL TABLE terms USING fts5(body);
  CREATE VIRTUAL TABLE said USING fts5vocab('terms', 'row');
  CREATE VIEW spoken AS SELECT term FROM said;
  CREATE TABLE pins(pins TEXT);
  CREATE VIRTUAL TABLE lookup USING fts5(pins, content='pins');
  CREATE VIEW bare AS SELECT pins FROM pins;
  CREATE VIEW over_bare AS SELECT pins FROM bare;
  CREATE VIRTUAL TABLE words USING fts5(name, mail, content='contact', content_rowid='id');
  CREATE VIRTUAL TABLE vocabulary USING fts5vocab('words', 'row');
  CREATE VIRTUAL TABLE filled USING fts5(text);
  CREATE VIEW of_filled AS SELECT text FROM filled;
  CREATE VIEW of_store AS SELECT c0 FROM filled_content;
  CREATE TRIGGER fill AFTER INSERT ON customers BEGIN INSERT INTO filled VALUES (new.email); END;
  INSERT INTO sfts VALUES ('topsecretword');
  INSERT INTO terms VALUES ('hello world');
  INSERT INTO pins VALUES ('4711');
  INSERT INTO lookup(lookup) VALUES ('rebuild');
  INSERT INTO customers VALUES (1, 'Ada', 'ada@secret.example', 'p1'), (2, 'phone', 'bob@secret.example', 'p2');
  INSERT INTO orders VALUES (1, 1, 10, 'bob@secret.example', 'q'), (2, 2, 20, NULL, NULL);
  INSERT INTO odd(id, email) VALUES (1, 'ada@secret.example');
  INSERT INTO salaries VALUES (1, 9000, 1), (2, 7777, 2);
  INSERT INTO words(words) VALUES ('rebuild');
  ANALYZE;`

const open = shareDatabase(shop)

async function ask(change: Change, texts: readonly string[]): Promise<[string, unknown][]> {
  const served = await open(change)
  const answers: [string, unknown][] = []
  for (const text of texts) answers.push([text, await outcome(served, text)])
  return answers
}

const textsOf = (expected: readonly (readonly [string, unknown])[]): string[] =>
  expected.map(([text]) => text)

const refused = (texts: readonly string[]): [string, unknown][] =>
  texts.map((text) => [text, expect.stringMatching(/not_open|refused|unknown_table/)])

const silent = (table: string, column: string): string[] => [
  `WITH x(${column}) AS (SELECT NULL) SELECT ${column} FROM x FULL JOIN ${table} USING (${column})`,
  `WITH x(${column}) AS (SELECT NULL) SELECT count(*) FROM x JOIN ${table} USING (${column})`,
  `WITH x(${column}) AS (SELECT NULL) SELECT ${column} FROM ${table} NATURAL RIGHT JOIN x`,
]

describe('with a list of tables', () => {
  const change: Change = { tables: ['orders', 'report', 'inside', 'numbers', 'spoken', 'lookup'] }

  test('what is closed is refused, whichever way it is asked for', async () => {
    const expected = refused([
      ...silent('salaries', 'amount'),
      ...silent('main.salaries AS s', 'amount'),
      ...silent('(salaries)', 'amount'),
      ...silent('"Salaries"', 'amount'),
      ...silent('pay', 'paid'),
      ...silent('sqlite_schema', 'sql'),
      ...silent('sqlite_stat1', 'stat'),
      ...silent('sqlite_stmt', 'sql'),
      ...silent('dbstat', 'name'),
      ...silent("bytecode('SELECT 1')", 'opcode'),
      ...silent('pragma_database_list', 'file'),
      ...silent('sfts', 'body'),
      ...silent('sfts_content', 'c0'),
      ...silent('sfts_data', 'block'),
      "SELECT 1 FROM sfts('topsecretword')",
      ...silent('terms', 'terms'),
      ...silent('pins', 'pins'),
      ...silent('bare', 'pins'),
      'SELECT terms FROM terms',
      "SELECT 1 FROM terms WHERE terms MATCH 'hello'",
      "SELECT term FROM spoken, terms('hello')",
      'SELECT term FROM said',
      'SELECT spoken.term FROM spoken JOIN said USING (term)',
      'WITH spoken AS (SELECT terms FROM terms) SELECT * FROM spoken',
      'WITH terms AS (SELECT 1) SELECT terms FROM main.terms',
      'SELECT pins FROM pins',
      "SELECT '4711' IN pins",
      "SELECT '4711' IN main.pins, term FROM spoken",
      'SELECT 1 FROM orders, (pins)',
      'SELECT total FROM orders WHERE EXISTS (SELECT pins FROM "PINS")',
      "SELECT 1 FROM 'pins'",
      'SELECT pins FROM lookup',
      'SELECT * FROM lookup',
      "SELECT highlight(lookup, 0, '[', ']') FROM lookup WHERE lookup MATCH '4711'",
      'SELECT pins FROM bare',
      'SELECT pins FROM over_bare',
      'WITH pins AS (SELECT pins FROM main.pins) SELECT * FROM pins',
      'SELECT (SELECT pins.pins FROM pins)',
      'SELECT term, (SELECT max(pins) FROM bare) FROM spoken',
      "SELECT count(*) FROM orders LEFT JOIN sfts('top*')",
      "SELECT 1 IN sfts('topsecretword')",
      'SELECT count(*) FROM orders window, salaries',
      'SELECT count(*) FROM orders AS window, salaries',
      'SELECT * FROM orders AS window, sfts_content',
      'SELECT * FROM (WITH salaries AS (SELECT 1 AS q) SELECT 1 FROM salaries) a, (SELECT NULL AS amount) x FULL JOIN salaries USING (amount)',
      'WITH salaries AS (SELECT 1) SELECT count(*) FROM main.salaries',
      'WITH sqlite_schema AS (SELECT 1) SELECT count(*) FROM main.sqlite_schema',
      'SELECT (WITH dbstat AS (SELECT 1) SELECT 1), count(*) FROM dbstat',
      'SELECT (WITH pragma_table_list AS (SELECT 1) SELECT 1), count(*) FROM pragma_table_list',
      'WITH x AS (SELECT amount FROM salaries) SELECT * FROM x',
      'WITH x AS (SELECT amount FROM salaries) SELECT x.amount, twice FROM x, report',
      'PRAGMA foreign_key_list(salaries)',
      'EXPLAIN SELECT * FROM report',
      'EXPLAIN QUERY PLAN SELECT * FROM inside',
    ])
    expect(await ask(change, textsOf(expected))).toEqual(expected)
  })

  test('what is open is answered', async () => {
    const expected: [string, unknown][] = [
      ['SELECT twice, n FROM report', [[33_554, 2]]],
      ['SELECT count(*) FROM report', [[1]]],
      ['SELECT term FROM spoken', [['hello'], ['world']]],
      ["SELECT count(*) FROM lookup WHERE lookup MATCH '4711'", [[1]]],
      [
        'SELECT id, amount FROM inside',
        [
          [1, 9000],
          [2, 7777],
        ],
      ],
      ['SELECT count(*) FROM inside', [[2]]],
      ['SELECT count(*) FROM numbers', [[5]]],
      ['SELECT o.total FROM orders o JOIN orders p USING (id)', [[10], [20]]],
      ['SELECT total FROM orders JOIN report ON 1 JOIN (SELECT 1 AS id) USING (id)', [[10]]],
      [
        'WITH x AS (SELECT id, total FROM orders), y AS (SELECT id FROM x) SELECT total FROM x JOIN y USING (id)',
        [[10], [20]],
      ],
      ['WITH n AS (SELECT 1 AS id) SELECT total FROM orders NATURAL JOIN n', [[10]]],
      [
        'WITH salaries AS (SELECT total AS amount FROM orders) SELECT count(*) FROM salaries',
        [[2]],
      ],
      [
        'WITH salaries AS (SELECT id FROM orders) SELECT total FROM orders JOIN salaries USING (id)',
        [[10], [20]],
      ],
      ['WITH report AS (SELECT 1 AS a) SELECT a FROM report', [[1]]],
      ['SELECT (WITH salaries AS (SELECT 1) SELECT count(*) FROM salaries)', [[1]]],
      ['WITH x AS (SELECT 1 AS a) SELECT a FROM x', [[1]]],
      ["SELECT value FROM json_each('[7]') JOIN (SELECT 7 AS value) USING (value)", [[7]]],
      ['SELECT count(*) FROM orders AS window', [[2]]],
      ['SELECT o.total FROM orders o JOIN orders amount USING (id) WHERE amount.id = 1', [[10]]],
      ['PRAGMA foreign_key_list(orders)', []],
    ]
    expect(await ask(change, textsOf(expected))).toEqual(expected)
  })

  test('a table that is not there is called so, also in a join', async () => {
    const text = 'SELECT 1 FROM orders JOIN ordres USING (id)'
    expect(await outcome(await open(change), text)).toBe('unknown_table')
  })
})

describe('with closed columns', () => {
  const change: Change = {
    columns: { 'customers.email': 'mask', 'customers.phone': 'hide', 'odd.email': 'mask' },
  }

  test('what would tell them is refused', async () => {
    const expected = refused([
      'SELECT email FROM orders window, (SELECT NULL AS email) FULL JOIN customers USING (email)',
      'SELECT y FROM orders AS window, (SELECT email AS y FROM (SELECT NULL AS email) FULL JOIN customers USING (email))',
      'SELECT phone, name FROM (SELECT 1 AS q) window, (SELECT NULL AS phone) FULL JOIN customers USING (phone)',
      'SELECT * FROM fullv',
      'SELECT count(*) FROM fullv',
      'SELECT EXISTS (SELECT 1 FROM over_fullv)',
      'SELECT (WITH fullv AS (SELECT 1) SELECT 1 FROM fullv), count(*) FROM fullv',
      'SELECT * FROM natural_',
      'SELECT * FROM over_fullv',
      'SELECT * FROM words',
      "SELECT rowid FROM words WHERE words MATCH 'bob'",
      "SELECT count(*) FROM words('bob')",
      'SELECT * FROM vocabulary',
      'SELECT * FROM filled',
      'SELECT * FROM of_filled',
      'SELECT * FROM of_store',
      'PRAGMA foreign_key_list(salaries)',
      "SELECT * FROM pragma_foreign_key_list('salaries')",
      'SELECT phone FROM customers',
      "SELECT customers.'phone' FROM customers",
      'SELECT c.phone FROM orders o, customers c',
      'SELECT *, c.phone FROM (SELECT * FROM customers) c',
      'SELECT * FROM customers ORDER BY phone',
    ])
    expect(await ask(change, textsOf(expected))).toEqual(expected)
  })

  test('a constraint with the name of a generated column does not open it', async () => {
    expect(await outcome(await open(change), 'SELECT "unique" FROM odd')).toEqual([[null]])
  })

  test('a key that refers to a hidden column is not shown', async () => {
    const { guard, source } = await open(change)
    expect(JSON.stringify(guard.show(await source.catalog(AbortSignal.timeout(5000))))).not.toMatch(
      /"references":\["phone"\]/,
    )
  })

  test('what does not ask for them is answered', async () => {
    const expected: [string, unknown][] = [
      ["SELECT * FROM customers WHERE name = 'phone'", [[2, 'phone', null]]],
      ['SELECT *, name AS phone FROM customers WHERE id = 1', [[1, 'Ada', null, 'Ada']]],
      [
        'SELECT c.*, o.phone FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.id = 1',
        [[1, 'Ada', null, 'q']],
      ],
      [
        'SELECT c.id, orders.phone FROM customers AS c, orders WHERE orders.id = c.id',
        [
          [1, 'q'],
          [2, null],
        ],
      ],
      ['SELECT id FROM contact', [[1], [2]]],
      ["SELECT body FROM sfts WHERE sfts MATCH 'topsecretword'", [['topsecretword']]],
      ['SELECT count(*) FROM numbers JOIN (SELECT 1 AS i) USING (i)', [[1]]],
    ]
    expect(await ask(change, textsOf(expected))).toEqual(expected)
  })
})

describe('with everything open', () => {
  test('every honest statement is answered', async () => {
    const expected: [string, unknown][] = [
      ['SELECT count(*) FROM numbers', [[5]]],
      ['WITH x AS (SELECT 1) SELECT count(*) FROM x, orders', [[2]]],
      ['SELECT count(*) FROM fullv', [[3]]],
      ['WITH salaries AS (SELECT 1 AS a) SELECT count(*) FROM salaries', [[1]]],
      ['EXPLAIN QUERY PLAN SELECT 1', [[expect.any(Number), 0, 0, 'SCAN CONSTANT ROW']]],
    ]
    expect(await ask({}, textsOf(expected))).toEqual(expected)
  })

  test('what shows paths of this machine is refused all the same', async () => {
    const expected = refused(silent('pragma_database_list', 'file'))
    expect(await ask({}, textsOf(expected))).toEqual(expected)
  })
})
