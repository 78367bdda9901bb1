import { describe, expect, test } from 'vitest'
import { createGuard } from '../../dist/guard/guard.js'

const dialects = ['sqlite', 'postgres', 'mysql'] as const
const everything = { tables: undefined, columns: {} }
type Dialect = (typeof dialects)[number]

const value = { type: 'integer', isList: false, value: 1 } as const
const bindings = { id: value, ids: { ...value, isList: true, value: [1, 2] } } as const

async function judge(dialect: Dialect, text: string, wholeTable = false): Promise<unknown> {
  const guard = await createGuard(dialect, everything)
  try {
    return guard.judgeChange(text, { bindings, wholeTable }).table
  } catch (error) {
    return (error as { code: string }).code
  }
}

/** What may run, and the table that it changes. */
const passed: readonly (readonly [text: string, table: string[], only?: readonly Dialect[]])[] = [
  ['INSERT INTO t (a) VALUES (:id)', ['t']],
  ['insert into s.t select * from u', ['s', 't']],
  ['INSERT INTO t (a) VALUES (1);', ['t']],
  ['-- a note; of two parts\nUPDATE t SET a = a + 1 WHERE id = :id', ['t']],
  ['UPDATE t SET a = (SELECT max(b) FROM u WHERE u.id = t.id) WHERE id IN (:ids)', ['t']],
  ["UPDATE t SET a = 'x; DROP TABLE t' WHERE id = 1", ['t']],
  ['DELETE FROM t WHERE id = :id', ['t']],
  ['DELETE FROM t WHERE id IN (SELECT id FROM u JOIN v USING (id))', ['t']],
  ['DELETE FROM t WHERE id = 1 RETURNING id, a * 2', ['t']],
  ['INSERT INTO "T" (a) VALUES (1)', ['T'], ['sqlite', 'postgres']],
  ['INSERT INTO `T` (a) VALUES (1)', ['T'], ['sqlite', 'mysql']],
  ['INSERT OR IGNORE INTO t (a) VALUES (1)', ['t'], ['sqlite']],
  ['INSERT IGNORE INTO t (a) VALUES (1)', ['t'], ['mysql']],
  [
    'INSERT INTO t (id, a) VALUES (1, 2) ON CONFLICT (id) DO UPDATE SET a = 2',
    ['t'],
    ['sqlite', 'postgres'],
  ],
  ['INSERT INTO t (id, a) VALUES (1, 2) ON DUPLICATE KEY UPDATE a = 2', ['t'], ['mysql']],
  ['WITH u AS (SELECT 1 AS id) UPDATE t SET a = 1 FROM u WHERE t.id = u.id', ['t'], ['postgres']],
]

/** What is a slip, or no change at all. */
const refused: readonly (readonly [text: string, only?: readonly Dialect[]])[] = [
  ['SELECT 1'],
  ['UPDATE t SET a = 1'],
  ['DELETE FROM t'],
  ['UPDATE t SET a = (SELECT 1 WHERE 1 = 1)'],
  ['DELETE FROM t WHERE id = 1; DELETE FROM t WHERE id = 2'],
  ['DROP TABLE t'],
  ['TRUNCATE TABLE t'],
  ['CREATE TABLE u AS SELECT 1'],
  ['ALTER TABLE t ADD COLUMN b INTEGER'],
  ['BEGIN'],
  ['COMMIT'],
  ['DELETE FROM t WHERE id = 1 RETURNING *'],
  ['DELETE FROM t WHERE id = 1 RETURNING id, *'],
  ['REPLACE INTO t (a) VALUES (1)', ['sqlite', 'mysql']],
  ['INSERT OR REPLACE INTO t (a) VALUES (1)', ['sqlite']],
  ['WITH u AS (SELECT 1) DELETE FROM t', ['sqlite', 'postgres']],
  [
    'WITH d AS (DELETE FROM u WHERE id = 1 RETURNING id) UPDATE t SET a = 1 WHERE id = 1',
    ['postgres'],
  ],
  [
    'WITH d AS (INSERT INTO u VALUES (1) RETURNING id) DELETE FROM t WHERE id IN (SELECT id FROM d)',
    ['postgres'],
  ],
  ['MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN DELETE', ['postgres', 'sqlite', 'mysql']],
  ['COPY t FROM STDIN', ['postgres']],
  ['CALL p()', ['postgres', 'mysql']],
  ['DO $$ BEGIN DELETE FROM t; END $$', ['postgres']],
  ['PRAGMA writable_schema = ON', ['sqlite']],
  ["ATTACH 'x.db' AS x", ['sqlite']],
  ['VACUUM', ['sqlite', 'postgres']],
  ['UPDATE t, u SET t.a = 1 WHERE t.id = u.id', ['mysql']],
  ['UPDATE t JOIN u USING (id) SET t.a = 1 WHERE t.id = 1', ['mysql']],
  ['DELETE t FROM t JOIN u ON t.id = u.id WHERE u.a = 1', ['mysql']],
  ['DELETE FROM t USING t, u WHERE t.id = u.id', ['mysql']],
  ["LOAD DATA INFILE '/etc/passwd' INTO TABLE t", ['mysql']],
  ["INSERT INTO t SELECT 1 INTO OUTFILE '/tmp/x'", ['mysql']],
  ['DELETE FROM t /*! , u */ WHERE id = 1', ['mysql']],
  ['DELETE FROM t /* WHERE */'],
  ["UPDATE t SET a = 'where'"],
  ['UPDATE t SET a = t.where', ['sqlite', 'mysql']],
]

const passedCases = passed.flatMap(([text, table, only = dialects]) =>
  only.map((dialect) => [dialect, text, table] as const),
)
const refusedCases = refused.flatMap(([text, only = dialects]) =>
  only.map((dialect) => [dialect, text] as const),
)

describe('a change', () => {
  test.each(passedCases)('%s: %s is one', async (dialect, text, table) => {
    expect(await judge(dialect, text)).toEqual(table)
  })

  test.each(refusedCases)('%s: %s is none', async (dialect, text) => {
    expect(await judge(dialect, text)).toMatch(/^(?:statement_refused|syntax_error)$/)
  })

  test.each(dialects)(
    '%s: every row of a table is meant where the config says so',
    async (dialect) => {
      expect(await judge(dialect, 'DELETE FROM t', true)).toEqual(['t'])
      expect(await judge(dialect, 'UPDATE t SET a = 1', true)).toEqual(['t'])
    },
  )

  test('DuckDB is not written to', async () => {
    const guard = await createGuard('duckdb', everything)
    expect(() =>
      guard.judgeChange('DELETE FROM t WHERE a = 1', { bindings: {}, wholeTable: false }),
    ).toThrow(/cannot be written/)
  })
})
