import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faults } from '../../dist/demo/dirt.js'
import { questions } from '../../dist/demo/questions.js'
import { makeShop, type ShopFacts } from '../../dist/demo/shop.js'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'

let folder: string
let facts: ShopFacts
let database: DatabaseSyncInstance

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vitrine-shop-'))
  facts = await makeShop(join(folder, 'shop.db'))
  database = new DatabaseSync(facts.path, { readOnly: true, readBigInts: true })
})

afterAll(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

const rowsOf = (sql: string): Record<string, unknown>[] =>
  database.prepare(sql).all() as Record<string, unknown>[]

const count = (sql: string): number => Number(Object.values(rowsOf(sql)[0] ?? {})[0])

describe('the sample shop', () => {
  test('has some 80,000 rows, as many as it says', () => {
    const counted = Object.keys(facts.tables).map((table) => [
      table,
      count(`SELECT count(*) FROM ${table}`),
    ])
    expect(Object.fromEntries(counted)).toEqual(facts.tables)
    expect(facts.rows).toBeGreaterThan(75_000)
    expect(facts.rows).toBeLessThan(90_000)
  })

  test('is the same to the last byte each time', async () => {
    const again = join(scratchFolder(), 'again.db')
    await makeShop(again)
    expect(readFileSync(again).equals(readFileSync(facts.path))).toBe(true)
  })

  test('is a sound file', () => {
    expect(rowsOf('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  })

  test('holds every foreign key but those of the order items without a product', () => {
    const broken = rowsOf('PRAGMA foreign_key_check')
    const orphans = facts.faults.find(({ what }) => what.includes('product that is not there'))
    for (const row of broken)
      expect(row).toMatchObject({ table: 'order_items', parent: 'products' })
    expect(broken).toHaveLength(orphans?.rows ?? 0)
  })

  test('has orders that cost what their lines do, but for the corrections made afterwards', () => {
    const corrected = facts.faults.find(({ what }) => what.includes('negative quantity'))
    const wrong = count(`SELECT count(*) FROM orders WHERE total_cents <> shipping_cents +
      (SELECT sum(line_cents) FROM order_items WHERE order_id = orders.id)`)
    expect(wrong).toBe(corrected?.rows)
  })

  test('has nobody who orders before having an account, and nothing sent before it is ordered', () => {
    const early = count(`SELECT count(*) FROM orders JOIN customers ON customers.id = customer_id
      WHERE ordered_at LIKE '20__-%' AND (ordered_at < created_at OR shipped_at < ordered_at)`)
    expect(early).toBe(0)
  })

  test('sells no product before its launch or after its end', () => {
    const outside = count(`SELECT count(*) FROM order_items
      JOIN orders ON orders.id = order_id JOIN products ON products.id = product_id
      WHERE ordered_at LIKE '20__-%'
        AND (ordered_at < launched_at OR date(ordered_at) >= discontinued_at)`)
    expect(outside).toBe(0)
  })

  test('grows, and sells most before Christmas', () => {
    const years = rowsOf(`SELECT substr(month, 1, 4) AS year, sum(revenue_cents) AS revenue
      FROM monthly_revenue WHERE month LIKE '20%' GROUP BY year ORDER BY revenue`)
    expect(years.map(({ year }) => year)).toEqual(['2023', '2024', '2025', '2026'])
    const [best] = rowsOf(`SELECT substr(month, 6) AS month FROM monthly_revenue
      WHERE month LIKE '2025%' ORDER BY orders DESC LIMIT 1`)
    expect(['11', '12']).toContain(best?.['month'])
  })

  test('has bestsellers: a tenth of the products makes up over a third of what is sold', () => {
    const share = count(`SELECT sum(n) * 100 / (SELECT count(*) FROM order_items)
      FROM (SELECT count(*) AS n FROM order_items GROUP BY product_id ORDER BY n DESC LIMIT 30)`)
    expect(share).toBeGreaterThan(33)
  })

  test('has bank references that no JSON number holds', () => {
    const [reference] = rowsOf('SELECT min(reference_number) AS least FROM payments')
    expect(reference?.['least']).toBeGreaterThan(2n ** 53n)
  })

  test('finds reviews by their words', () => {
    const sql = "SELECT count(*) FROM review_search WHERE review_search MATCH 'crushed'"
    expect(count(sql)).toBeGreaterThan(10)
  })

  test('names its personal columns', () => {
    const named = facts.personal.map((name) => name.split('.'))
    for (const [table, column] of named) {
      expect(count(`SELECT count(${column}) FROM ${table}`)).toBeGreaterThan(1000)
    }
  })

  test.each(faults)('has $what, as many as it says', ({ what, find }) => {
    const promised = facts.faults.find((fault) => fault.what === what)
    expect(promised?.rows).toBeGreaterThan(0)
    expect(count(find)).toBe(promised?.rows)
  })
})

describe('the file', () => {
  test('leaves no draft beside it', () => {
    expect(readdirSync(folder)).toEqual(['shop.db'])
  })

  test('takes the place of an earlier sample shop', async () => {
    const path = join(scratchFolder(), 'shop.db')
    await makeShop(path)
    expect((await makeShop(path)).rows).toBe(facts.rows)
  })

  test.each([
    ['a text', (path: string) => writeFileSync(path, 'my notes')],
    ['a database', (path: string) => void makeDatabase('CREATE TABLE mine (id)', path)],
  ])('of somebody else is left alone: %s', async (_, make) => {
    const path = join(scratchFolder(), 'shop.db')
    make(path)
    const before = readFileSync(path)
    await expect(makeShop(path)).rejects.toMatchObject({ code: 'invalid_input' })
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test('needs a folder that is there', async () => {
    const path = join(scratchFolder(), 'nowhere', 'shop.db')
    await expect(makeShop(path)).rejects.toThrow(/There is no folder/)
  })
})

describe('the questions', () => {
  const statements = questions.flatMap(({ arguments: { query }, error }) =>
    query === undefined ? [] : [{ query: String(query), error }],
  )

  test.each(statements.filter(({ error }) => error === undefined))(
    'has rows for an answer: $query',
    ({ query }) => {
      const rows = rowsOf(query)
      expect(rows.length).toBeGreaterThan(4)
      expect(rows.flatMap((row) => Object.values(row))).not.toContain(null)
    },
  )

  test.each(statements.filter(({ error }) => error === 'unknown_column'))(
    'has a column that is not there: $query',
    ({ query }) => {
      expect(() => database.prepare(query)).toThrow(/no such column/)
    },
  )

  test.each(statements.filter(({ error }) => error === 'statement_refused'))(
    'is SQL that would change something: $query',
    ({ query }) => {
      expect(() => database.prepare(query).run()).toThrow(/readonly/)
    },
  )
})
