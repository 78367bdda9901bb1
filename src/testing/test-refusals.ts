import { describe, expect, test } from 'vitest'
import type { Shops } from './shops.ts'
import { outcome, type SuiteWords } from './source-suite.ts'

const hostile: readonly string[] = [
  "INSERT INTO customers VALUES (9, 'x', NULL)",
  "UPDATE customers SET name = 'x'",
  'DELETE FROM orders',
  'TRUNCATE TABLE orders',
  'DROP TABLE orders',
  'DROP VIEW order_counts',
  'CREATE TABLE x (a INTEGER)',
  'CREATE TABLE x AS SELECT * FROM customers',
  'CREATE TEMPORARY TABLE customers (a INTEGER)',
  'CREATE VIEW x AS SELECT 1 AS a',
  'ALTER TABLE customers ADD COLUMN z INTEGER',
  'SELECT 1; DELETE FROM orders',
  'SELECT 1;;SELECT 2',
  'WITH x AS (SELECT 1 AS a) DELETE FROM orders',
  'BEGIN',
  'COMMIT',
  'COMMIT; DELETE FROM orders',
  'GRANT SELECT ON orders TO public',
  '-- harmless\nDELETE FROM orders',
  '/* SELECT */ DELETE FROM orders',
  '(DELETE FROM orders)',
  'EXPLAIN ANALYZE DELETE FROM orders',
  '',
  ';',
  '-- nothing',
  'SELECT * FROM orders WHERE id = ?',
]

export function testRefusals(shops: Shops, words: SuiteWords): void {
  describe('nothing is touched', () => {
    test('no statement has an effect, whatever it says', async () => {
      const tested = await shops.shared()
      const before = await tested.state()
      for (const text of [...hostile, ...words.hostile]) {
        const result = await outcome(tested, text)
        expect({ text, result }).toEqual({
          text,
          result: expect.stringMatching(/^[a-z_]+$/) as unknown,
        })
        expect({ text, state: await tested.state() }).toEqual({ text, state: before })
      }
      expect(await outcome(tested, 'SELECT count(*) FROM orders')).toEqual([[3]])
    })
  })
}
