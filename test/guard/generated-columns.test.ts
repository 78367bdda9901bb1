/** A generated column that the config hides stays hidden, also where it is made of one that is only masked. */
import { describe, expect, test } from 'vitest'
import type { ServedSource } from '../../dist/tools/served-source.js'
import { makeDuckdb, openDuckdb } from '../support/duckdb.ts'
import { describeOnEach, makeMysqlDatabase, openMysqlSource } from '../support/mysql.ts'
import { noSignal, openTestSource, outcome } from '../support/open.ts'
import { hasPostgres, makePostgres } from '../support/postgres.ts'
import { makeDatabase } from '../support/scratch.ts'

const table = 'CREATE TABLE t(id int, a text, b text GENERATED ALWAYS AS (upper(a)) STORED)'
const row = "INSERT INTO t(id, a) VALUES (1, 'x')"
const columns = { 't.a': 'mask', 't.b': 'hide' } as const

async function seenOf(served: ServedSource): Promise<unknown> {
  const shown = served.guard.show(await served.source.catalog(noSignal))
  return {
    masked: await outcome(served, 'SELECT id, a FROM t'),
    hidden: await outcome(served, 'SELECT b FROM t'),
    columns: shown.tables[0]?.columns.map(({ name }) => name),
  }
}

/** As an engine says of a column that is not there, or the guard of one that is closed. */
const hiding = (hidden: 'unknown_column' | 'not_open'): unknown => ({
  masked: [[1, null]],
  hidden,
  columns: ['id', 'a'],
})

test('in SQLite', async () => {
  expect(await seenOf(await openTestSource(makeDatabase(`${table}; ${row}`), { columns }))).toEqual(
    hiding('not_open'),
  )
})

test('in DuckDB', async () => {
  const path = await makeDuckdb(`${table.replace('STORED', 'VIRTUAL')}; ${row}`)
  expect(await seenOf(await openDuckdb(path, { columns }))).toEqual(hiding('not_open'))
})

describe.runIf(hasPostgres)('a hidden generated column', () => {
  test('in PostgreSQL', async () => {
    const database = await makePostgres(`${table}; ${row}`)
    expect(await seenOf(await openTestSource('', { url: database.url(), columns }))).toEqual(
      hiding('unknown_column'),
    )
  })
})

describeOnEach('a hidden generated column: $title', (server) => {
  test('in MySQL or MariaDB', async () => {
    const { url } = await makeMysqlDatabase(server, [table, row])
    expect(await seenOf(await openMysqlSource(url, { visibility: { columns } }))).toEqual(
      hiding('unknown_column'),
    )
  })
})
