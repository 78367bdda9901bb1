import { DatabaseSync } from '@photostructure/sqlite'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { realTablePlaces } from '../../dist/guard/sqlite/common-tables.js'
import { readText } from '../../dist/guard/sqlite/read-text.js'
import { tableNames } from '../../dist/guard/sqlite/table-names.js'
import { tokenize } from '../../dist/guard/sqlite/tokens.js'

describe('names that stand where a table may', () => {
  test.each([
    ['SELECT a, b FROM t', ['t']],
    ['SELECT a FROM t, u JOIN v ON t.x = u.x, w', ['t', 'u', 'v', 'w']],
    ['SELECT a FROM (t, (u))', ['t', 'u']],
    ['SELECT x, y FROM (SELECT z, q FROM t) WHERE a IN u', ['t', 'u']],
    ['SELECT f(a, b), main.a FROM main.t', ['a', 'main', 't']],
    ['SELECT a FROM t WHERE b IN (1, c) GROUP BY d, e', ['t']],
    ['SELECT a FROM t window, u', ['t', 'u']],
    ['SELECT a IS DISTINCT FROM b, c FROM t', ['t']],
    ['SELECT a FROM t JOIN u USING (x, y), v', ['t', 'u', 'v']],
    ['SELECT a FROM t JOIN u ON f(t.x, y) AND (z, q) = (1, 2), v', ['t', 'u', 'v']],
    ['SELECT a FROM f(b, (SELECT c FROM t)), v', ['f', 't', 'v']],
  ])('%s', (sql, expected) => {
    expect(tableNames(tokenize(sql))).toEqual(expected)
  })
})

const realTables = (sql: string): string[] => {
  const tokens = tokenize(sql)
  return realTablePlaces(tokens).map((index) => tokens[index]?.text.toLowerCase() ?? '')
}

/** Rather one too many than one too few. */
describe('names that may mean a real table', () => {
  test.each([
    [
      'WITH a AS (SELECT 1 FROM t), b(x, y) AS NOT MATERIALIZED (VALUES (1, 2)) SELECT 1 FROM a, b',
      ['t'],
    ],
    ['EXPLAIN QUERY PLAN WITH RECURSIVE a AS (SELECT 1) SELECT 1 FROM a', []],
    ['WITH recursive AS (SELECT 1) SELECT 1 FROM recursive', []],
    ['WITH a AS (SELECT 1) SELECT * FROM main.a, A', ['main', 'a']],
    ['SELECT * FROM (WITH a AS (SELECT 1) SELECT 1 FROM a), a', ['with', 'a']],
    ['WITH a AS (SELECT 1) SELECT (WITH b AS (SELECT 1) SELECT 1 FROM a, b) FROM b', ['b']],
    ['SELECT 1 FROM t WHERE EXISTS (WITH t AS (SELECT 1) SELECT 1 FROM t)', ['t']],
    ['SELECT (SELECT 1 FROM a WINDOW a AS (ORDER BY 1))', ['a']],
  ])('%s', (sql, expected) => {
    expect(realTables(sql)).toEqual(expected)
  })
})

/** Whatever may stand in a statement, with names that try to look like keywords and the other way round. */
const tables = [
  'ta',
  'tb',
  'secret',
  '"secret"',
  '[ta]',
  "'tb'",
  'main.secret',
  'main . "ta"',
  'SECRET',
]
const aliases = ['', ' q', ' AS q', ' window', ' AS over', ' filter', " AS 'from'", ' AS [where]',
  ' AS left', ' AS with', ' AS recursive', ' AS main', ' AS end',
  ' NOT INDEXED', ' AS "order"', ' AS temp'] // prettier-ignore
const { text } = fc.letrec<Record<'text' | 'value' | 'from' | 'item', string>>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('1', '2', "'x'", 'hush', 'CAST(1 AS TEXT)', 'sum(1) OVER (ORDER BY 1)'),
    fc.tuple(tie('value'), tie('from')).map(([value, from]) => `(SELECT ${value} FROM ${from})`),
    fc.constantFrom(...tables).map((table) => `1 IN ${table}`),
    fc.tuple(tie('value'), tie('value')).map(([a, b]) => `iif(${a} IS DISTINCT FROM ${b}, ${b}, 3)`),
    tie('value').map((value) => `sum(1) OVER (PARTITION BY ${value} ORDER BY 1, 2)`),
    tie('from').map((from) => `EXISTS (WITH secret AS (SELECT 1 AS a) SELECT 1 FROM ${from})`),
  ),
  item: fc.oneof(
    { maxDepth: 2, depthSize: 'small', withCrossShrink: true },
    fc.tuple(fc.constantFrom(...tables), fc.constantFrom(...aliases)).map((parts) => parts.join('')),
    fc.tuple(tie('value'), tie('from'), fc.constantFrom('', ' WHERE 1', ' GROUP BY 1 HAVING 1', ' LIMIT 1'))
      .map(([value, from, end]) => `(SELECT ${value} AS a, 2 AS x FROM ${from}${end}) window`),
    tie('from').map((from) => `(${from})`),
    tie('value').map((value) => `json_each(${value}, '$')`),
    tie('from').map((from) => `(WITH ta AS (SELECT 1 AS n) SELECT 1 AS a FROM ${from})`),
  ),
  from: fc
    .array(
      fc.tuple(
        fc.constantFrom(', ', ' , ', ' JOIN ', ' LEFT JOIN ', ' CROSS JOIN '),
        tie('item'),
        fc.oneof(fc.constantFrom('', '', '', ' USING (a)'), tie('value').map((value) => ` ON ${value}`)),
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((items) => items.map(([join, item, on], index) => (index === 0 ? item : join + item + on)).join('')),
  text: fc.oneof(
    fc.tuple(tie('value'), tie('value'), tie('from')).map(([a, b, from]) => `SELECT ${a}, ${b} FROM ${from}`),
    fc.tuple(tie('from'), tie('value'), tie('from'))
      .map(([one, value, other]) => `WITH secret AS (SELECT 1 AS a FROM ${one}), w AS (SELECT 1) SELECT ${value} FROM w, ${other}`),
    fc.tuple(tie('from'), tie('value'))
      .map(([from, value]) => `SELECT * FROM ${from} WINDOW w AS (ORDER BY ${value}), w2 AS (PARTITION BY 1)`),
    fc.tuple(tie('from'), tie('from')).map(([a, b]) => `SELECT 1 FROM ${a} UNION SELECT 1 FROM ${b} ORDER BY 1`),
  ),
})) // prettier-ignore

test('no table is read that the text does not name, says the engine', () => {
  const database = new DatabaseSync(':memory:')
  database.exec(
    'CREATE TABLE ta(a, x); CREATE TABLE tb(a, x); CREATE TABLE secret(hush, a); CREATE INDEX ia ON ta(a)',
  )
  const columnsOf: Record<string, string[]> = { ta: ['a', 'x'], tb: ['a', 'x'], secret: ['hush'] }
  const read = new Set<string>()
  database.setAuthorizer((code, table, column) => {
    // Common table expressions are told of as well; by their columns they are told apart.
    if (code === 20 && columnsOf[table ?? '']?.includes(column ?? '')) read.add(table ?? '')
    return 0
  })
  let prepared = 0
  fc.assert(
    fc.property(
      text.filter((sql) => sql.length < 800),
      (sql) => {
        read.clear()
        try {
          database.prepare(sql)
        } catch {
          return
        }
        prepared++
        const named = new Set(realTables(sql))
        const missed = ['ta', 'tb', 'secret'].filter(
          (table) => read.has(table) && !named.has(table),
        )
        expect({ sql, missed }).toEqual({ sql, missed: [] })
      },
    ),
    { numRuns: 1000 },
  )
  database.close()
  expect(prepared).toBeGreaterThan(50)
})

test('a text of any shape is read in time that grows with its length', () => {
  const hidden = { access: 'open', closedColumns: new Map([['email', 'hide' as const]]) } as const
  const rules = {
    tables: new Map([['c', hidden]]),
    views: new Set<string>(),
    commonTables: new Set<string>(),
    functions: new Set<string>(),
    settings: new Map(),
  }
  const read = (sql: string): unknown => {
    try {
      return readText(sql, rules, 0)
    } catch (error) {
      return error
    }
  }
  for (const part of [
    'a(',
    'a(1)',
    'USING ',
    'USING(',
    'x AS (',
    'FROM c,',
    'c.email ',
    '(',
    ')',
    'IN ',
  ]) {
    const started = performance.now()
    read(`SELECT 1 FROM c ${part.repeat(99_000 / part.length)}`)
    expect({ part, slow: performance.now() - started > 3000 }).toEqual({ part, slow: false })
  }
})
