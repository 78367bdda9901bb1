import { readFileSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { listFiles } from '../../../dist/sources/duckdb/files/list-files.js'
import { tableNames } from '../../../dist/sources/duckdb/files/table-names.js'
import { folderState, makeDuckdb, makeFiles, openDuckdb } from '../../support/duckdb.ts'
import { noSignal, outcome, run } from '../../support/open.ts'
import { vitrine } from '../../support/command.ts'
import { runHere } from '../../support/command-here.ts'

const parquetOf = async (sql: string): Promise<string> => {
  const folder = makeFiles({})
  await makeDuckdb(`COPY (${sql}) TO '${folder}/x.parquet'`)
  return join(folder, 'x.parquet')
}

test('a folder is a database: each data file a table named after it', async () => {
  const parquet = await parquetOf("SELECT 1 AS a, [1, 2] AS l, {'b': 'x'} AS s")
  const folder = makeFiles({
    'Order Items (2026).csv': 'id,name\n1,a\n',
    'orders.csv': 'id\n1\n',
    'orders.tsv': 'id\tv\n2\tx\n',
    'order.json': '[{"id": 12345678901234567890, "tags": ["a"]}, {"id": 1}]',
    'events.jsonl': '{"at": "2026-01-31T10:20:30Z", "n": {"m": 1}}\n{"at": null}\n',
    '2026.ndjson': '{"a": 1}\n',
    'x.parquet': readFileSync(parquet),
    'notes.txt': 'not data',
    '.hidden.csv': 'id\n1\n',
    'sub/deep.csv': 'id\n1\n',
  })
  const before = folderState(folder)
  const served = await openDuckdb(folder)
  const { tables } = await served.source.catalog(noSignal)
  expect(tables.map(({ name, comment }) => [name, comment])).toEqual([
    ['events', 'events.jsonl'],
    ['order', 'order.json'],
    ['order_items_2026', 'Order Items (2026).csv'],
    ['orders', 'orders.csv'],
    ['orders_tsv', 'orders.tsv'],
    ['t_2026', '2026.ndjson'],
    ['x', 'x.parquet'],
  ])
  expect(await outcome(served, 'SELECT id, tags FROM "order"')).toEqual([
    [12_345_678_901_234_567_890n, '["a"]'],
    [1, null],
  ])
  expect(await outcome(served, 'FROM x')).toEqual([[1, '[1,2]', '{"b":"x"}']])
  expect(await outcome(served, 'SELECT n FROM events')).toEqual([['{"m":1}'], [null]])
  expect(await outcome(served, 'SELECT o.id, t.v FROM orders o, orders_tsv t')).toEqual([[1, 'x']])
  expect(await outcome(served, 'FROM deep')).toBe('unknown_table')
  expect(folderState(folder)).toBe(before)
})

test('a file that cannot be read is one table less, says why, and the others are served', async () => {
  const folder = makeFiles({
    'good.csv': 'id\n1\n',
    'empty.csv': '',
    'euro.csv': Buffer.from('a,b\n\u0080,ü\n', 'latin1'),
    'bad.parquet': 'PAR1 not really',
    'bad.json': '{"a": 1',
    'sheet.xlsx': 'PK',
  })
  symlinkSync('/etc/passwd', join(folder, 'link.csv'))
  const served = await openDuckdb(folder)
  expect(await outcome(served, 'FROM good')).toEqual([[1]])
  for (const name of ['empty', 'euro', 'bad', 'bad_parquet']) {
    await expect(run(served, `FROM ${name}`)).rejects.toMatchObject({
      code: 'query_failed',
      message: expect.stringMatching(/^The file of \w+ cannot be read: /),
    })
  }
  expect(await outcome(served, 'FROM link')).toBe('unknown_table')
  const findings = await served.source.examine(noSignal)
  const said = findings.map(({ level, message }) => `${level} ${message}`).join('\n')
  expect(said).toMatch(/problem empty\.csv is not shown: it is empty\./)
  expect(said).toMatch(/problem euro\.csv is not shown: it is neither UTF-8 nor Latin-1/)
  expect(said).toMatch(/problem bad\.parquet is not shown/)
  expect(said).toMatch(/warning link\.csv is a link that leads out of the folder/)
  expect(said).toMatch(/warning sheet\.xlsx is a workbook/)
})

test('files that change, come and go are followed', async () => {
  const folder = makeFiles({ 'a.csv': 'n\n1\n' })
  const served = await openDuckdb(folder)
  expect(await outcome(served, 'FROM a')).toEqual([[1]])
  writeFileSync(join(folder, 'a.csv'), 'n,m\n1,x\n02,y\n')
  expect(await outcome(served, 'FROM a')).toEqual([
    ['1', 'x'],
    ['02', 'y'],
  ])
  writeFileSync(join(folder, 'b.csv'), 'k\n7\n')
  expect(await outcome(served, 'FROM b')).toEqual([[7]])
  unlinkSync(join(folder, 'a.csv'))
  expect(await outcome(served, 'FROM a')).toBe('unknown_table')
})

test('a pattern names some files of a folder', () => {
  const folder = makeFiles({
    'jan-1.csv': 'a',
    'jan-2.csv': 'a',
    'feb.csv': 'a',
    'y/z.csv': 'a',
    'notes.txt': '',
  })
  const names = (pattern: string): string[] =>
    listFiles(folder, pattern).files.map(({ file }) => file)
  expect(names('*')).toEqual(['feb.csv', 'jan-1.csv', 'jan-2.csv'])
  expect(names('jan-*.csv')).toEqual(['jan-1.csv', 'jan-2.csv'])
  expect(names('{feb,jan-?}.csv')).toEqual(['feb.csv', 'jan-1.csv', 'jan-2.csv'])
  expect(names('jan-[!1].csv')).toEqual(['jan-2.csv'])
  expect(names('**/*.csv')).toEqual(['feb.csv', 'jan-1.csv', 'jan-2.csv', 'y/z.csv'])
  expect(names('y/*')).toEqual(['y/z.csv'])
})

test('tables are named so that no two are alike and none needs quotes', () => {
  expect(
    tableNames([
      'Order Items (2026).csv',
      'orders.csv',
      'Orders.parquet',
      'a/orders.csv',
      '1.csv',
      '---.csv',
    ]),
  ).toEqual(['order_items_2026', 'orders', 'orders_parquet', 'orders_csv', 't_1', 'data'])
})

test('a path that leads to nothing is an error and creates nothing', async () => {
  const folder = makeFiles({ 'feb.csv': 'a' })
  for (const path of ['x.duckdb', 'fbe.csv', 'nothing/*.csv', 'feb.csv/x']) {
    const served = await openDuckdb(join(folder, path))
    expect({ path, result: await outcome(served, 'SELECT 1') }).toEqual({
      path,
      result: 'source_unavailable',
    })
  }
  expect(folderState(folder).split('\n')).toHaveLength(1)
})

test('a folder that goes away while it is served is told of, and served again when it is back', async () => {
  const folder = makeFiles({ 'exports/orders.csv': 'id\n7\n' })
  const exports = join(folder, 'exports')
  const served = await openDuckdb(exports)
  const text = 'SELECT id FROM orders'
  expect(await outcome(served, text)).toEqual([[7]])
  renameSync(exports, `${exports}-away`)
  await expect(run(served, text)).rejects.toMatchObject({
    code: 'source_unavailable',
    message: expect.not.stringContaining(folder) as string,
  })
  renameSync(`${exports}-away`, exports)
  expect(await outcome(served, text)).toEqual([[7]])
})

describe('from the command line', () => {
  test('a folder of exports is asked in one line, and a mistyped path creates nothing', async () => {
    const folder = makeFiles({ 'exports/orders.csv': 'Order ID;Total\n007;1\n008;2\n' })
    const before = folderState(folder)
    const asked = await vitrine(
      ['query', './exports', 'SELECT "Order ID" FROM orders ORDER BY 1', '--json'],
      {
        cwd: folder,
      },
    )
    expect(JSON.parse(asked.stdout)).toMatchObject({ rows: [['007'], ['008']] })
    const missed = await vitrine(['query', './export', 'SELECT 1'], { cwd: folder })
    expect([missed.code, missed.stdout]).toEqual([1, ''])
    expect(folderState(folder)).toBe(before)
  })

  test('doctor says what it reads and what this user could do to it', async () => {
    const path = await makeDuckdb('CREATE TABLE t(a INTEGER)')
    const { stdout } = await runHere(['doctor', path])
    expect(stdout).toMatch(/DuckDB \d+\.\d+\.\d+, \d/)
    expect(stdout).toMatch(/This user may write|may read it and not write it/)
  })
})
