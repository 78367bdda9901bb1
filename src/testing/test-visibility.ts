import { describe, expect, test } from 'vitest'
import type { Shops } from './shops.ts'
import { ask, outcome } from './source-suite.ts'

const address = 'ada@shop.example'

/** Every way to a column that an answer could tell it by. */
const ways: readonly string[] = [
  'SELECT * FROM customers',
  'SELECT customers.* FROM customers',
  'SELECT email FROM customers',
  'SELECT c.email AS e FROM customers AS c',
  'SELECT upper(email) FROM customers',
  "SELECT concat(email, '') FROM customers",
  'SELECT max(email) FROM customers',
  'SELECT o.id, c.email FROM orders o JOIN customers c ON c.id = o.customer_id',
  'SELECT (SELECT email FROM customers WHERE id = 1) AS e',
  'WITH x AS (SELECT * FROM customers) SELECT email FROM x',
  'SELECT * FROM (SELECT email FROM customers) AS x',
  'SELECT email FROM customers UNION ALL SELECT name FROM customers',
  "SELECT CASE WHEN email LIKE 'a%' THEN email ELSE 'none' END FROM customers",
  'SELECT email FROM addresses',
  'SELECT email, count(*) FROM customers GROUP BY email ORDER BY email',
]

export function testVisibility(shops: Shops): void {
  describe('what is closed stays closed', () => {
    test('a masked column is null in every expression, or the statement is refused', async () => {
      const tested = await shops.own({
        tables: undefined,
        columns: { 'customers.email': 'mask' },
      })
      for (const text of ways) {
        const result = await outcome(tested, text)
        expect({ text, leaks: JSON.stringify(result).toLowerCase().includes(address) }).toEqual({
          text,
          leaks: false,
        })
      }
      const all = await ask(tested, 'SELECT * FROM customers')
      expect(all.columns.map(({ name }) => name)).toEqual(['id', 'name', 'email'])
      expect(all.masked).toEqual(['customers.email'])
      expect(await outcome(tested, "SELECT id FROM customers WHERE email LIKE 'a%'")).toEqual([])
      expect(await outcome(tested, 'SELECT count(email) FROM customers')).toEqual([[0]])
      expect(
        await outcome(
          tested,
          'SELECT c.name FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.id = 1',
        ),
      ).toEqual([['Ada']])
    })

    test('a hidden column is not there', async () => {
      const tested = await shops.own({
        tables: undefined,
        columns: { 'customers.email': 'hide' },
      })
      for (const text of ways) {
        expect(JSON.stringify(await outcome(tested, text)).toLowerCase()).not.toContain(address)
      }
      const all = await ask(tested, 'SELECT * FROM customers WHERE id = 1')
      expect(all.columns.map(({ name }) => name)).toEqual(['id', 'name'])
      expect(await outcome(tested, 'SELECT email FROM customers')).toMatch(
        /^(not_open|unknown_column)$/,
      )
      const shown = tested.guard.show(await tested.source.catalog(new AbortController().signal))
      expect(JSON.stringify(shown.tables.find(({ name }) => name === 'customers'))).not.toContain(
        'email',
      )
    })

    test('a table that is not listed is not read, by any path', async () => {
      const tested = await shops.own({ tables: ['customers', 'order_counts'], columns: {} })
      for (const text of [
        'SELECT * FROM orders',
        'SELECT (SELECT count(*) FROM orders) AS n',
        'SELECT c.id FROM customers c JOIN orders o ON o.customer_id = c.id',
        'WITH x AS (SELECT * FROM orders) SELECT * FROM x',
        'SELECT id FROM customers WHERE id IN (SELECT customer_id FROM orders)',
        'SELECT 1 WHERE EXISTS (SELECT 1 FROM orders)',
        'SELECT email FROM addresses',
      ]) {
        expect({ text, result: await outcome(tested, text) }).toEqual({ text, result: 'not_open' })
      }
      expect(await outcome(tested, 'SELECT n FROM order_counts ORDER BY customer_id')).toEqual([
        [2],
        [1],
      ])
      const shown = tested.guard.show(await tested.source.catalog(new AbortController().signal))
      expect(shown.tables.map(({ name }) => name).toSorted()).toEqual(['customers', 'order_counts'])
    })
  })
}
