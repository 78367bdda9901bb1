import { DatabaseSync } from '@photostructure/sqlite'

const rows = 100_000

/** A table of orders that every server is asked about. */
export function makeDatabase(path: string): void {
  const database = new DatabaseSync(path)
  database.exec(`
    CREATE TABLE orders(id INTEGER PRIMARY KEY, customer TEXT, status TEXT, total_cents INTEGER,
      ordered_at TEXT, note TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ${rows})
    INSERT INTO orders SELECT i, 'Customer ' || (i % 4000), CASE i % 3 WHEN 0 THEN 'paid' WHEN 1 THEN 'new' ELSE 'shipped' END,
      (i * 7919) % 100000, date('2025-01-01', '+' || (i % 600) || ' days'), 'leave at the door, please' FROM n;`)
  database.close()
}

export const oneRow = (id: number): string =>
  `SELECT id, status, total_cents FROM orders WHERE id = ${id}`

export const fiftyRows =
  'SELECT id, customer, status, total_cents, ordered_at, note FROM orders LIMIT 50'
