import { expect, test } from 'vitest'
import { createTools } from '../../dist/tools/tools.js'
import type { Answer } from '../../dist/tools/tool.js'
import { makeDatabase } from '../support/scratch.ts'
import { type Change, noSignal, openTestApp } from '../support/open.ts'

const shop = `
  CREATE TABLE orders(id INTEGER PRIMARY KEY, status TEXT, country TEXT, note TEXT);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 40)
    INSERT INTO orders SELECT i, CASE i % 2 WHEN 0 THEN 'paid' ELSE 'on hold' END, 'FR', 'note ' || i FROM n;`

async function ask(query: string, change: Change = {}): Promise<Answer> {
  const [tool] = createTools(openTestApp(makeDatabase(shop), change).sources)
  return tool?.run({ query }, { signal: noSignal }) ?? {}
}

test('an answer without rows names the words that the column does hold', async () => {
  expect(await ask("SELECT id FROM orders WHERE status = 'Paid' AND country = 'FR'")).toMatchObject(
    {
      row_count: 0,
      hint: "orders.status holds 'on hold', 'paid'.",
    },
  )
})

test.each([
  ["SELECT id FROM orders WHERE status = 'paid' AND id > 1000", 'the word is one of them'],
  ["SELECT id FROM orders WHERE note = 'none'", 'the column holds no choice of words'],
  ['SELECT id FROM orders WHERE id > 1000', 'no word is asked for'],
  ["SELECT id FROM orders WHERE status = 'paid'", 'there are rows'],
])('%s has no hint: %s', async (query) => {
  expect(await ask(query)).not.toHaveProperty('hint')
})

test('no hint tells the values of a masked column', async () => {
  const answer = await ask("SELECT id FROM orders WHERE status = 'Paid'", {
    columns: { 'orders.status': 'mask' },
  })
  expect(JSON.stringify(answer)).not.toMatch(/hold/)
})
