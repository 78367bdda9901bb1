/** The databases that servers are measured on: the same orders in SQLite or PostgreSQL. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { ownPostgres } from './postgres.ts'

export interface BenchDatabase {
  /** `sqlite:` with an absolute path, or `postgres://`. */
  readonly url: string
  readonly drop: () => Promise<void>
}

const rows = 100_000

const columns =
  'id INTEGER PRIMARY KEY, customer TEXT, status TEXT, total_cents INTEGER, ordered_at TEXT, note TEXT'

/** Each row by its number `i`; the day is what differs between the engines. */
const insert = (day: string): string =>
  `INSERT INTO orders SELECT i, 'Customer ' || (i % 4000), CASE i % 3 WHEN 0 THEN 'paid' WHEN 1 THEN 'new' ELSE 'shipped' END,
    (i * 7919) % 100000, ${day}, 'leave at the door, please' FROM n`

/** A table of orders that every server is asked about. */
export function makeDatabase(path: string): void {
  const database = new DatabaseSync(path)
  database.exec(`
    CREATE TABLE orders(${columns});
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ${rows})
    ${insert("date('2025-01-01', '+' || (i % 600) || ' days')")};`)
  database.close()
}

export function makeSqlite(): BenchDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-bench-'))
  const path = join(folder, 'orders.db')
  makeDatabase(path)
  return {
    url: `sqlite:${path}`,
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

export async function makePostgres(): Promise<BenchDatabase> {
  const made = await ownPostgres(`vitrine_bench_${process.pid}`, [
    `CREATE TABLE orders(${columns})`,
    `WITH n AS (SELECT i FROM generate_series(1, ${rows}) AS t(i))
     ${insert("(date '2025-01-01' + i % 600)::text")}`,
    'ANALYZE orders',
  ])
  if (made === undefined) throw new Error('No PostgreSQL answers here.')
  return made
}

export const oneRow = (id: number): string =>
  `SELECT id, status, total_cents FROM orders WHERE id = ${id}`

export const fiftyRows =
  'SELECT id, customer, status, total_cents, ordered_at, note FROM orders LIMIT 50'
