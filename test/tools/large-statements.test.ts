import { expect, test } from 'vitest'
import { openTestSource, run } from '../support/open.ts'
import { makeDatabase } from '../support/scratch.ts'

const filler = `'${'word '.repeat(19_000)}'`

test('a long statement over many tables is answered, and its hints look at names of ordinary length', async () => {
  const tables = Array.from({ length: 1500 }, (_, table) => {
    const columns = Array.from({ length: 20 }, (_value, column) => `column_${column} TEXT`)
    return `CREATE TABLE table_${table}(${columns.join(', ')});`
  })
  const served = await openTestSource(makeDatabase(`BEGIN; ${tables.join('')} COMMIT;`), {
    limits: { timeoutMs: 10_000 },
  })
  const hintOf = (text: string): Promise<string | undefined> =>
    run(served, text).then(
      () => undefined,
      (error: { hint: string }) => error.hint,
    )
  expect(await hintOf(`SELECT colum_1, ${filler} FROM table_1`)).toMatch(/column_1/)
  expect(await hintOf(`SELECT column_1 FROM table_1 WHERE column_2 = ${filler}`)).toBeUndefined()
  expect(await hintOf(`SELECT ${'x'.repeat(80_000)} FROM table_1`)).toMatch(/column_19|get_schema/)
  expect(await hintOf(`SELECT 1 FROM ${'y'.repeat(80_000)}`)).toMatch(/get_schema|table_1/)
}, 30_000)
