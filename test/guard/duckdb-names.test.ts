import { expect, test } from 'vitest'
import { makeDuckdb, makeFiles, openDuckdb } from '../support/duckdb.ts'
import { noSignal, outcome } from '../support/open.ts'

test('a macro that takes the name of a function of DuckDB is judged by what it does', async () => {
  const lending = await makeDuckdb(`
    CREATE TABLE salaries(amount INTEGER); INSERT INTO salaries VALUES (9000); CREATE TABLE t(a INTEGER);
    CREATE MACRO lower(s) AS (SELECT max(amount) FROM salaries);
    CREATE MACRO query_table(x) AS x; CREATE SCHEMA s; CREATE MACRO s.read_text(p) AS TABLE SELECT 1;`)
  const served = await openDuckdb(lending, { tables: ['t'] })
  for (const text of [
    "SELECT lower('x')",
    "SELECT test.main.lower('x')",
    // Of DuckDB's own macros one calls lower().
    'SELECT pg_typeof(1)',
    "FROM query_table('salaries')",
    "FROM system.main.query_table('salaries')",
    "FROM main.read_text('/etc/passwd')",
    "FROM s.read_text('/etc/passwd')",
  ]) {
    expect({ text, result: await outcome(served, text) }).toEqual({
      text,
      result: expect.stringMatching(/^(not_open|statement_refused)$/),
    })
  }
})

test('names that objects answer to by themselves open nothing', async () => {
  const path = await makeDuckdb(
    'CREATE TABLE "constructor"(a INTEGER); CREATE TABLE "__proto__"(a INTEGER); CREATE TABLE t(a INTEGER)',
  )
  const served = await openDuckdb(path, { tables: ['t'] })
  for (const name of ['constructor', '__proto__']) {
    expect(await outcome(served, `FROM "${name}"`)).toBe('not_open')
  }
  expect(await outcome(served, 'SELECT "constructor"(1)')).toBe('unknown_function')
  expect(await outcome(served, 'FROM toString()')).toBe('unknown_function')
})

test('a file whose name is a pattern, a home or an address to DuckDB is that file alone', async () => {
  const folder = makeFiles({
    'q?.csv': 'a\nmine\n',
    'qx.csv': 'a\nclosed\n',
    's[e]c.csv': 'a\nmine\n',
    'sec.csv': 'a\nclosed\n',
    '*.json': '[{"a": "mine"}]',
    'x.json': '[{"a": "closed"}]',
    '~.csv': 'a\nmine\n',
    '.hidden.csv': 'a\nclosed\n',
    'Report [final].csv': 'a\nmine\n',
  })
  const tables = ['q', 's_e_c', 'data', 'csv', 'report_final']
  const served = await openDuckdb(folder, { tables })
  const { tables: shown } = await served.source.catalog(noSignal)
  expect(shown.map(({ name, comment }) => [name, comment])).toContainEqual(['csv', '~.csv'])
  for (const table of tables) expect(await outcome(served, `FROM ${table}`)).toEqual([['mine']])
  expect(await outcome(served, `FROM 'q?.csv', "Report [final].csv" r`)).toEqual([['mine', 'mine']])
  for (const path of ['q?.csv', 's[e]c.csv', '*.csv', 'q[?].csv', './q[?].csv', '~.csv']) {
    expect(await outcome(served, `FROM read_csv('${path}')`)).toBe('statement_refused')
  }
  expect(await outcome(served, "FROM read_json('*.json')")).toBe('statement_refused')
})

test('two files whose names differ by capitals alone are never taken for each other', async () => {
  const folder = makeFiles({ 'Orders.csv': 'a\n10\n', 'orders.csv': 'a\n20\n' })
  const served = await openDuckdb(folder)
  expect(await outcome(served, "FROM 'Orders.csv'")).toEqual([[10]])
  expect(await outcome(served, "FROM 'orders.csv'")).toEqual([[20]])
  expect(await outcome(served, "FROM 'Orders.csv' a, 'orders.csv' b")).toBe('statement_refused')
  expect(await outcome(served, 'FROM orders, orders_csv')).toEqual([[10, 20]])
})

test('a catalogue is asked for the table itself, whatever common table expression has its name', async () => {
  const path = await makeDuckdb(
    'CREATE TABLE t(a INTEGER); INSERT INTO t VALUES (1); CREATE TABLE closed(canary INTEGER); CREATE TABLE "main.x"(b INTEGER)',
  )
  const served = await openDuckdb(path, { tables: ['t'] })
  for (const name of ['pragma_table_info', 'pragma_show', 'pragma_storage_info']) {
    const text = `WITH closed AS (SELECT 1 AS a) FROM ${name}('closed')`
    expect({ text, result: await outcome(served, text) }).toEqual({
      text,
      result: expect.stringMatching(/^(not_open|statement_refused)$/),
    })
  }
  for (const text of [
    "FROM query_table('closed')",
    "FROM query_table(['t', 'closed'])",
    "FROM query_table('test.main.closed')",
    "FROM query_table('main.x')",
    'FROM query_table(\'t"".x\')',
    'FROM histogram_values(main.closed, canary)',
    "CALL pragma_table_info('closed')",
    'PRAGMA table_info(main.closed)',
    "PRAGMA storage_info('t')",
  ]) {
    expect({ text, result: await outcome(served, text) }).toEqual({
      text,
      result: expect.stringMatching(/^(not_open|statement_refused|unknown_table)$/),
    })
  }
  expect(
    await outcome(served, "WITH closed AS (SELECT 7 AS a) FROM query_table('closed')"),
  ).toEqual([[7]])
  expect(await outcome(served, "FROM query_table(['t', 'main.t'])")).toEqual([[1], [1]])
})

test('a computed column is judged by what it computes', async () => {
  const path = await makeDuckdb(`
    CREATE TABLE t(a INTEGER, twice INTEGER AS (a * 2), more INTEGER AS (twice + 1));
    CREATE TABLE telling(a INTEGER, path VARCHAR AS (current_setting('allowed_paths')::VARCHAR), b INTEGER DEFAULT 5);
    CREATE VIEW told AS SELECT path AS p FROM telling;
    INSERT INTO t VALUES (1); INSERT INTO telling (a) VALUES (1);`)
  const served = await openDuckdb(path)
  expect(await outcome(served, 'FROM t')).toEqual([[1, 2, 3]])
  expect(await outcome(served, 'SELECT a, b FROM telling')).toEqual([[1, 5]])
  for (const text of [
    'FROM telling',
    'SELECT path FROM telling',
    'SELECT t FROM telling t',
    'SELECT p FROM telling x(a, p)',
    'FROM told',
    'SELECT a FROM telling ORDER BY path',
  ]) {
    expect({ text, result: await outcome(served, text) }).toEqual({
      text,
      result: 'statement_refused',
    })
  }
})
