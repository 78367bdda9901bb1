import { describe, expect, test } from 'vitest'
import type { Shops } from './shops.ts'

const signal = new AbortController().signal

export function testCatalog(shops: Shops): void {
  describe('the catalog', () => {
    test('has tables and views with their columns, keys and references', async () => {
      const { source } = await shops.shared()
      const { tables, engine, version } = await source.catalog(signal)
      expect([engine, version].every((text) => text.length > 0)).toBe(true)
      const orders = tables.find(({ name }) => name === 'orders')
      expect(orders?.kind).toBe('table')
      expect(orders?.columns.map(({ name, keyPosition }) => [name, keyPosition])).toEqual([
        ['id', 1],
        ['customer_id', 0],
        ['total', 0],
        ['status', 0],
        ['ordered_at', 0],
      ])
      expect(orders?.foreignKeys).toEqual([
        { columns: ['customer_id'], table: 'customers', references: ['id'] },
      ])
      expect(orders?.columns.find(({ name }) => name === 'ordered_at')?.type).toBe('date')
      expect(tables.find(({ name }) => name === 'order_counts')?.kind).toBe('view')
      const name = tables
        .find(({ name: table }) => table === 'customers')
        ?.columns.find((column) => column.name === 'name')
      expect(name?.nullable).toBe(false)
    })

    test('is read once for all who wait, and one who gives up leaves it to the others', async () => {
      const { source } = await shops.own()
      const cancel = new AbortController()
      const given = source.catalog(cancel.signal)
      const kept = source.catalog(signal)
      cancel.abort()
      await expect(given).rejects.toMatchObject({ code: 'cancelled' })
      expect(await source.catalog(signal)).toBe(await kept)
    })
  })
}
