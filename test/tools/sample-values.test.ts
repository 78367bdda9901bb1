import { expect, test } from 'vitest'
import { createTools } from '../../dist/tools/tools.js'
import { type Change, noSignal, openTestApp } from '../support/open.ts'
import { makeDatabase } from '../support/scratch.ts'

/** A table of so many rows, whose columns are computed from the row's number `i`. */
const tableOf = (rows: number, columns: string): string => `
  CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, b TEXT);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ${rows})
    INSERT INTO t SELECT i, ${columns} FROM n;`

async function describe(sql: string, change: Change = {}): Promise<string> {
  const [, getSchema] = createTools(openTestApp(makeDatabase(sql), change))
  const { schema } = (await getSchema?.run({ table_name: 't' }, { signal: noSignal })) ?? {}
  return String(schema)
}

test('values of the newest rows alone are told too', async () => {
  const sql = tableOf(20_000, "CASE WHEN i > 19990 THEN 'shipped' ELSE 'new' END, NULL")
  expect(await describe(sql)).toMatch(/ {2}a text values seen: 'new', 'shipped'\n/)
})

test('a column that has too many values in its newest rows is no choice of words', async () => {
  const sql = tableOf(20_000, "CASE WHEN i > 19900 THEN 'late ' || i ELSE 'new' END, 'x'")
  expect(await describe(sql)).toMatch(/ {2}a text\n {2}b text values seen: 'x'$/)
})

test('of a large table beginning, end and places between are seen, and others may be there', async () => {
  const a = "CASE WHEN i > 299990 THEN 'last' ELSE 'new' END"
  const b = "CASE WHEN i BETWEEN 100000 AND 200000 THEN 'middle' ELSE 'outer' END"
  const schema = await describe(tableOf(300_000, `${a}, ${b}`))
  expect(schema).toMatch(/a text values seen, among others: 'new', 'last'\n/)
  expect(schema).toMatch(/b text values seen, among others: 'outer', 'middle'/)
})

test('a text column of dates shows how they are written, the usual way first', async () => {
  const a = "strftime('%Y-%m-%d %H:%M', '2024-01-01', '+' || i || ' hours')"
  const b =
    "CASE i % 9 WHEN 0 THEN '31/12/2023' ELSE strftime('%Y-%m-%d', '2024-01-01', '+' || i || ' days') END"
  const schema = await describe(tableOf(2000, `${a}, ${b}`))
  expect(schema).toMatch(/a text such as '2024-01-01 01:00'\n/)
  expect(schema).toMatch(/b text such as '2024-01-02' or '31\/12\/2023'/)
})

test('a column of dates and other words shows none', async () => {
  expect(await describe(tableOf(50, "'2024-01-01' || char(97 + i % 20), 'x' || i"))).toMatch(
    /a text\n/,
  )
})

test('few rows to an answer do not make fewer values known', async () => {
  const sql = tableOf(100, "'w' || (i % 5), 'v' || (i % 5)")
  expect(await describe(sql, { limits: { rows: 2 } })).toMatch(/a text values seen: 'w\d'/)
})
