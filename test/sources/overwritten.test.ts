import { readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from '@photostructure/sqlite'
import { expect, test } from 'vitest'
import { openTestSource, outcome } from '../support/open.ts'
import { makeDatabase } from '../support/scratch.ts'

/** Both have the same counters in their header: nothing tells SQLite that one took the other's place. */
const before = `CREATE TABLE customers(id, email); CREATE TABLE plain(id, note);
  INSERT INTO customers VALUES (1, 'ada@secret.example'); INSERT INTO plain VALUES (1, 'open');`
const after = `CREATE TABLE plain(id, note); CREATE TABLE customers(email, id);
  INSERT INTO customers VALUES ('bob@secret.example', 2); INSERT INTO plain VALUES (2, 'new');`

test.each(['DELETE', 'WAL'])(
  'a database copied over another is seen at once, and closed columns stay closed (%s)',
  async (mode) => {
    const path = makeDatabase(`PRAGMA journal_mode = ${mode}; ${before}`)
    const other = makeDatabase(`PRAGMA journal_mode = ${mode}; ${after}`)
    const served = await openTestSource(path, { columns: { 'customers.email': 'mask' } })
    expect(await outcome(served, 'SELECT * FROM customers, plain')).toEqual([[1, null, 1, 'open']])
    writeFileSync(path, readFileSync(other), { flag: 'r+' })
    expect(await outcome(served, 'SELECT * FROM customers, plain')).toEqual([[null, 2, 2, 'new']])
  },
)

test('a table that is made, changed and dropped by another process is seen at once', async () => {
  const path = makeDatabase(before)
  const served = await openTestSource(path)
  expect(await outcome(served, 'SELECT note FROM plain')).toEqual([['open']])
  const writer = new DatabaseSync(path)
  writer.exec("ALTER TABLE plain ADD COLUMN more DEFAULT 7; INSERT INTO plain VALUES (2, 'x', 8)")
  expect(await outcome(served, 'SELECT more FROM plain')).toEqual([[7], [8]])
  writer.exec('DROP TABLE plain; CREATE VIRTUAL TABLE plain USING rtree(id, a, b)')
  expect(await outcome(served, 'SELECT count(a) FROM plain')).toEqual([[0]])
  writer.close()
})
