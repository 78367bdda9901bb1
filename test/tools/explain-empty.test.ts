import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createTools } from '../../dist/tools/tools.js'
import type { Answer } from '../../dist/tools/tool.js'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { shared } from '../support/shared.ts'
import { type Change, noSignal, openTestApp } from '../support/open.ts'

const shop = `
  CREATE TABLE orders(id INTEGER PRIMARY KEY, status TEXT, country TEXT, note TEXT);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 40)
    INSERT INTO orders SELECT i, CASE i % 2 WHEN 0 THEN 'paid' ELSE 'on hold' END, 'FR', 'note ' || i FROM n;`

const open = shared(({ sql, change }: { sql: string; change: Change }, whenDone) => {
  const path = makeDatabase(sql, join(scratchFolder(whenDone), 'test.db'))
  return openTestApp(path, change, whenDone)
})

async function ask(query: string, change: Change = {}, sql = shop): Promise<Answer> {
  const [tool] = createTools(open({ sql, change }))
  return tool?.run({ query }, { signal: noSignal }) ?? {}
}

const many = `
  CREATE TABLE people(id INTEGER PRIMARY KEY, name TEXT, born TEXT, "home (town)" TEXT);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 400)
    INSERT INTO people SELECT i, 'Person ' || i, date('1950-01-01', '+' || (i * 31) || ' days'), 'Town ' || i FROM n;`

test('an answer without rows names the words that the column does hold', async () => {
  expect(await ask("SELECT id FROM orders WHERE status = 'Paid' AND country = 'FR'")).toMatchObject(
    {
      row_count: 0,
      hint: "orders.status holds 'on hold', 'paid'.",
    },
  )
})

test.each([
  "SELECT count(*), sum(id) FROM orders WHERE status = 'Paid'",
  "SELECT max(id) FROM orders o WHERE lower(o.status) IN ('payed')",
  "SELECT id FROM orders WHERE 'Paid' = status /* 'paid' */",
  "SELECT country FROM orders WHERE status LIKE 'pd%' -- 'paid'",
])('%s finds nothing, and is told the words of that column alone', async (query) => {
  expect(await ask(query)).toMatchObject({ hint: "orders.status holds 'on hold', 'paid'." })
})

test.each([
  ["SELECT id FROM people WHERE name = 'person 7'", "people.name holds 'Person 7'."],
  [`SELECT id FROM people WHERE "home (town)" = 'TOWN 9'`, `people."home (town)" holds 'Town 9'.`],
  ["SELECT id FROM people WHERE name IN (' Person 7', 'x')", "people.name holds 'Person 7'."],
  [
    "SELECT id FROM people WHERE born = '01.02.1950'",
    "people.born holds dates such as '1950-02-01'.",
  ],
])('%s names the value that differs in capitals, blanks or form', async (query, hint) => {
  expect(await ask(query, {}, many)).toMatchObject({ row_count: 0, hint })
})

test.each([
  ["SELECT id FROM orders WHERE status = 'paid' AND id > 1000", 'the word is one of them'],
  ["SELECT id FROM orders WHERE note = 'none'", 'the column holds nothing like it'],
  ['SELECT id FROM orders WHERE id > 1000', 'no word is asked for'],
  ["SELECT id FROM orders WHERE status = 'paid'", 'there are rows'],
  ["SELECT count(*) FROM orders WHERE status = 'paid' AND id < 0", 'none of those that are there'],
])('%s has no hint: %s', async (query) => {
  expect(await ask(query)).not.toHaveProperty('hint')
})

test.each([
  "SELECT id FROM people WHERE born LIKE '2050-%'",
  "SELECT id FROM people WHERE name = 'Person 7' AND id = 8",
  "SELECT id FROM people WHERE name LIKE '%nobody%'",
])('%s asks for what may be there, and has no hint', async (query) => {
  expect(await ask(query, {}, many)).not.toHaveProperty('hint')
})

test.each([
  ["SELECT id FROM orders WHERE status = 'Paid'", shop, 'orders.status'],
  ["SELECT id FROM people WHERE name = 'person 7'", many, 'people.name'],
])('no hint tells the values of a masked column: %s', async (query, sql, column) => {
  const answer = await ask(query, { columns: { [column]: 'mask' } }, sql)
  expect(JSON.stringify(answer)).not.toMatch(/hold/)
})
