import { describe, expect, test } from 'vitest'
import { noSignal } from '../../support/open.ts'
import { hasPostgres, makePostgres, openPostgres } from '../../support/postgres.ts'

describe.runIf(hasPostgres)('the catalog of PostgreSQL', () => {
  test('tells tables and columns in the words people write', async () => {
    const database = await makePostgres('CREATE TABLE t(id int PRIMARY KEY, n numeric(12,2))')
    const { tables, engine } = await openPostgres(database.url()).catalog(noSignal)
    expect(engine).toMatch(/^PostgreSQL \d+/)
    expect(tables.map(({ name, columns }) => [name, columns.map(({ type }) => type)])).toEqual([
      ['t', ['integer', 'numeric(12,2)']],
    ])
  })
})
