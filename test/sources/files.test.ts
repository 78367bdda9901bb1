import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { noSignal, openTestSource, outcome, run } from '../support/open.ts'

const inLogMode = 'PRAGMA journal_mode = WAL; CREATE TABLE t(a); INSERT INTO t VALUES (1);'

/** A writer in this process: to SQLite it is another connection, as another process would be. */
function openWriter(path: string): DatabaseSyncInstance {
  const writer = new DatabaseSync(path)
  onTestFinished(() => writer.close())
  return writer
}

describe('a path', () => {
  test('that is mistyped is an error that names the file meant, and creates nothing', async () => {
    const path = makeDatabase('CREATE TABLE t(a)', join(scratchFolder(), 'orders.db'))
    const served = await openTestSource(path.replace('orders', 'ordres'))
    await expect(run(served, 'SELECT 1')).rejects.toMatchObject({
      code: 'source_unavailable',
      detail: expect.stringMatching(/Did you mean "orders\.db"\?$/),
      message: 'The database file is not there.',
    })
    expect(readdirSync(dirname(path))).toEqual(['orders.db'])
  })

  test.each([
    ['of a folder that is not there', (folder: string) => join(folder, 'none', 'x.db')],
    ['of a folder', (folder: string) => folder],
    [
      'of another kind of file',
      (folder: string) => (
        writeFileSync(join(folder, 'x.txt'), 'a,b\n1,2\n'),
        join(folder, 'x.txt')
      ),
    ],
  ])('%s is an error', async (_what, pathIn) => {
    const served = await openTestSource(pathIn(scratchFolder()))
    await expect(run(served, 'SELECT 1')).rejects.toMatchObject({ code: 'source_unavailable' })
  })

  test('whose file appears later answers from then on', async () => {
    const path = join(scratchFolder(), 'late.db')
    const served = await openTestSource(path)
    expect(await outcome(served, 'SELECT 1')).toBe('source_unavailable')
    makeDatabase('CREATE TABLE t(a); INSERT INTO t VALUES (5)', path)
    expect(await outcome(served, 'SELECT a FROM t')).toEqual([[5]])
  })
})

describe('write-ahead logs', () => {
  test('a resting WAL database is read without a file made beside it', async () => {
    const path = makeDatabase(inLogMode)
    expect(readdirSync(dirname(path))).toEqual(['test.db'])
    expect(await outcome(await openTestSource(path), 'SELECT a FROM t')).toEqual([[1]])
    expect(readdirSync(dirname(path))).toEqual(['test.db'])
  })

  test('rows that are still in the log are seen, and so are those written later', async () => {
    const path = makeDatabase(inLogMode)
    const served = await openTestSource(path)
    expect(await outcome(served, 'SELECT a FROM t')).toEqual([[1]])
    const writer = openWriter(path)
    writer.exec('INSERT INTO t VALUES (2)')
    expect(await outcome(served, 'SELECT a FROM t')).toEqual([[1], [2]])
    writer.exec(
      'INSERT INTO t VALUES (3); PRAGMA wal_checkpoint(TRUNCATE); INSERT INTO t VALUES (4)',
    )
    expect(await outcome(served, 'SELECT count(*) FROM t')).toEqual([[4]])
  })

  test('a large log that a crash left behind is read', async () => {
    const path = makeDatabase('PRAGMA page_size = 512; CREATE TABLE t(a)')
    const writer = openWriter(path)
    writer.exec(`PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; BEGIN;
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 160000)
      INSERT INTO t SELECT zeroblob(440) FROM n; COMMIT`)
    const copy = join(scratchFolder(), 'copy.db')
    copyFileSync(path, copy)
    copyFileSync(`${path}-wal`, `${copy}-wal`)
    const served = await openTestSource(copy)
    expect(await outcome(served, 'SELECT count(*) FROM t')).toEqual([[160_000]])
  })

  test('a writer in the middle of a transaction neither blocks nor is seen', async () => {
    const path = makeDatabase(inLogMode)
    const writer = openWriter(path)
    writer.exec('BEGIN IMMEDIATE; INSERT INTO t VALUES (2)')
    expect(await outcome(await openTestSource(path), 'SELECT a FROM t')).toEqual([[1]])
    writer.exec('COMMIT')
  })
})

test('a database that another process rewrites shows the new rows and tables', async () => {
  const path = makeDatabase('CREATE TABLE t(a); INSERT INTO t VALUES (1)')
  const served = await openTestSource(path)
  expect(await outcome(served, 'SELECT a FROM t')).toEqual([[1]])
  openWriter(path).exec(
    'ALTER TABLE t ADD COLUMN b DEFAULT 9; CREATE TABLE u(x); INSERT INTO u VALUES (7)',
  )
  expect(await outcome(served, 'SELECT a, b FROM t')).toEqual([[1, 9]])
  expect(await outcome(served, 'SELECT x FROM u')).toEqual([[7]])
})

test('a table that appears while the others are listed one by one stays closed', async () => {
  const path = makeDatabase('CREATE TABLE t(a)')
  const served = await openTestSource(path, { tables: ['t'] })
  expect(await outcome(served, 'SELECT a FROM t')).toEqual([])
  openWriter(path).exec('CREATE TABLE secret(x); INSERT INTO secret VALUES (1)')
  expect(await outcome(served, 'SELECT x FROM secret')).toBe('not_open')
})

test('a file that is replaced by another is followed', async () => {
  const path = makeDatabase('CREATE TABLE t(a); INSERT INTO t VALUES (1)')
  const served = await openTestSource(path)
  expect(await outcome(served, 'SELECT a FROM t')).toEqual([[1]])
  const next = makeDatabase(
    'CREATE TABLE t(a); INSERT INTO t VALUES (2)',
    join(scratchFolder(), 'next.db'),
  )
  renameSync(next, path)
  expect(await outcome(served, 'SELECT a FROM t')).toEqual([[2]])
})

test('a lock that a writer keeps is an error worth trying again, not a hang', async () => {
  const path = makeDatabase('CREATE TABLE t(a)')
  const served = await openTestSource(path)
  expect(await outcome(served, 'SELECT a FROM t')).toEqual([])
  openWriter(path).exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  await expect(run(served, 'SELECT a FROM t')).rejects.toMatchObject({
    code: 'source_unavailable',
    retryable: true,
  })
})

test('a damaged file is an error, and the next database is not touched by it', async () => {
  const rows = Array.from({ length: 400 }, (_, index) => `(${index}, hex(zeroblob(100)))`)
  const path = makeDatabase(`CREATE TABLE t(a, b); INSERT INTO t VALUES ${rows.join(', ')}`)
  const bytes = readFileSync(path)
  bytes.fill(0xff, 8192, 40_960)
  writeFileSync(path, bytes)
  expect(await outcome(await openTestSource(path), 'SELECT sum(length(b)) FROM t')).toBe(
    'source_unavailable',
  )
})

test('an empty file is an empty database', async () => {
  const path = join(scratchFolder(), 'empty.db')
  writeFileSync(path, '')
  const served = await openTestSource(path)
  expect(await outcome(served, 'SELECT count(*) FROM sqlite_schema')).toEqual([[0]])
  expect(readFileSync(path)).toHaveLength(0)
})

test('views, full-text and R-Tree tables, generated columns and odd names are read like any other', async () => {
  const path = makeDatabase(`
    CREATE TABLE "order"("group" TEXT, "semi;colon" INTEGER, twice INTEGER AS ("semi;colon" * 2) STORED) STRICT;
    INSERT INTO "order"("group", "semi;colon") VALUES ('g', 21);
    CREATE TABLE keyed(k TEXT PRIMARY KEY, v) WITHOUT ROWID; INSERT INTO keyed VALUES ('a', 1);
    CREATE VIEW v AS SELECT twice FROM "order";
    CREATE VIRTUAL TABLE f USING fts5(body, tokenize = 'porter'); INSERT INTO f VALUES ('running fast');
    CREATE VIRTUAL TABLE old USING fts4(body); INSERT INTO old VALUES ('older words');
    CREATE VIRTUAL TABLE box USING rtree(id, x0, x1); INSERT INTO box VALUES (1, 0, 10);`)
  const served = await openTestSource(path)
  expect(await outcome(served, 'SELECT twice, "semi;colon" FROM "order"')).toEqual([[42, 21]])
  expect(await outcome(served, 'SELECT * FROM v, keyed')).toEqual([[42, 'a', 1]])
  expect(
    await outcome(
      served,
      "SELECT highlight(f, 0, '<', '>') FROM f WHERE f MATCH 'run' ORDER BY rank",
    ),
  ).toEqual([['<running> fast']])
  expect(await outcome(served, "SELECT snippet(old) FROM old WHERE old MATCH 'words'")).toEqual([
    ['older <b>words</b>'],
  ])
  expect(await outcome(served, 'SELECT id FROM box WHERE x0 < 5 AND x1 > 5')).toEqual([[1]])
})

test('a copy with an empty log beside it is read', async () => {
  const path = makeDatabase(inLogMode)
  const copy = join(scratchFolder(), 'copy.db')
  copyFileSync(path, copy)
  writeFileSync(`${copy}-wal`, '')
  expect(await outcome(await openTestSource(copy), 'SELECT a FROM t')).toEqual([[1]])
})

test('the file is the same to the last byte after it was read', async () => {
  const path = makeDatabase('CREATE TABLE t(a); INSERT INTO t VALUES (1)')
  const hash = (): string => createHash('sha256').update(readFileSync(path)).digest('hex')
  const before = hash()
  const served = await openTestSource(path)
  await served.source.catalog(noSignal)
  await run(served, 'SELECT * FROM t ORDER BY random()')
  expect(hash()).toBe(before)
  expect(existsSync(`${path}-journal`)).toBe(false)
})
