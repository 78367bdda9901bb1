import { expect, test } from 'vitest'
import { noSignal, openTestSource, outcome } from '../support/open.ts'
import { makeDatabase } from '../support/scratch.ts'

const shop = `
  CREATE TABLE t(a); INSERT INTO t VALUES (1), (2), (6);
  CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1, +label TEXT); INSERT INTO boxes VALUES (1, 1, 2, 'a');
  CREATE VIRTUAL TABLE shapes USING geopoly(label);
  INSERT INTO shapes(_shape, label) VALUES ('[[0,0],[1,0],[0,1],[0,0]]', 't');
  CREATE VIRTUAL TABLE notes USING fts5(body); INSERT INTO notes VALUES ('hello world');
  CREATE VIRTUAL TABLE words USING fts5vocab('notes', 'row');
  CREATE VIRTUAL TABLE old USING fts4(body); INSERT INTO old VALUES ('hello world');
  CREATE VIEW found AS SELECT highlight(notes, 0, '[', ']') AS h FROM notes WHERE notes MATCH 'hello';
  CREATE VIEW all_words AS SELECT term FROM words;
  CREATE VIEW middle AS SELECT percentile(a, 50) AS p FROM t;
  CREATE VIEW columns_ AS SELECT name FROM pragma_table_info('t');
  CREATE VIEW effect AS SELECT load_extension('x') AS a;
  CREATE VIEW raw AS SELECT data FROM sqlite_dbpage;`

test('what extensions answer for is read, by a worker that did not read the catalog as well', async () => {
  const served = await openTestSource(makeDatabase(shop), { limits: { timeoutMs: 1000 } })
  await served.source.catalog(noSignal)
  const endless =
    'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n'
  expect(await outcome(served, endless)).toBe('timed_out')
  const expected: [string, unknown][] = [
    ['SELECT id, label FROM boxes WHERE x0 > 0', [[1, 'a']]],
    ['SELECT label FROM shapes', [['t']]],
    ["SELECT snippet(old) FROM old WHERE old MATCH 'hello'", [['<b>hello</b> world']]],
    ['SELECT h FROM found', [['[hello] world']]],
    ['SELECT term FROM all_words', [['hello'], ['world']]],
    ['SELECT p FROM middle', [[2]]],
    ['SELECT name FROM columns_', [['a']]],
    ['SELECT a FROM effect', expect.stringMatching(/refused|query_failed|unknown/)],
    ['SELECT data FROM raw', expect.stringMatching(/not_open|refused|query_failed|unknown/)],
  ]
  for (const [text, result] of expected)
    expect({ text, result: await outcome(served, text) }).toEqual({ text, result })
})

test('views that double what they stand for again and again are told of at once', async () => {
  const views = Array.from(
    { length: 40 },
    (_, i) => `CREATE VIEW v${i + 1} AS SELECT a.x FROM v${i} a, v${i} b;`,
  )
  const path = makeDatabase(`CREATE TABLE v0(x); ${views.join('\n')}`)
  const started = performance.now()
  expect(await outcome(await openTestSource(path), 'SELECT 1')).toBe('source_unavailable')
  expect(performance.now() - started).toBeLessThan(3000)
})
