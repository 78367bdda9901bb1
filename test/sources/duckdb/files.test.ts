import { symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderState, makeDuckdb, makeFiles, openDuckdb } from '../../support/duckdb.ts'
import { noSignal, outcome, run } from '../../support/open.ts'
import { vitrine } from '../../support/command.ts'

const parquetOf = async (sql: string): Promise<string> => {
  const folder = makeFiles({})
  await makeDuckdb(`COPY (${sql}) TO '${folder}/x.parquet'`)
  return join(folder, 'x.parquet')
}

test('a folder is a database: each data file a table named after it', async () => {
  const parquet = await parquetOf("SELECT 1 AS a, [1, 2] AS l, {'b': 'x'} AS s")
  const { readFileSync } = await import('node:fs')
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

describe('a messy export', () => {
  const read = async (content: string | Uint8Array, name = 'x.csv'): Promise<unknown> => {
    const { columns, rows } = await run(await openDuckdb(makeFiles({ [name]: content })), 'FROM x')
    return [columns.map((column) => `${column.name} ${column.type}`), ...rows]
  }

  test('keeps what people wrote: leading zeros, long numbers, words that look like yes or no', async () => {
    const wide = Array.from({ length: 3 }, (_, index) => `0${index},${index},2026-01-0${index + 1}`)
    expect(
      await read(
        'Zip Code,n,day,big,price,yes,Ok,when,german,us,either,empty,e\n' +
          '01234,1,2026-01-31,12345678901234567890,1.50,yes,true,2026-01-31 10:20,31.12.2025,12/31/2025,01/02/2025,,1.5e3\n' +
          '99999,-2,,98765432109876543210,.5,no,FALSE,2026-01-31T10:20:30.5,01.02.2026,01/02/2026,03/04/2025,,2\n',
      ),
    ).toEqual([
      [
        'Zip Code varchar',
        'n bigint',
        'day date',
        'big varchar',
        'price double',
        'yes varchar',
        'Ok boolean',
        'when timestamp',
        'german date',
        'us date',
        'either varchar',
        'empty varchar',
        'e double',
      ],
      [
        '01234', 1, '2026-01-31', '12345678901234567890', 1.5, 'yes', true, '2026-01-31T10:20:00',
        '2025-12-31', '2025-12-31', '01/02/2025', null, 1500,
      ],
      [
        '99999', -2, null, '98765432109876543210', 0.5, 'no', false, '2026-01-31T10:20:30.5',
        '2026-02-01', '2026-01-02', '03/04/2025', null, 2,
      ],
    ])
    expect(await read(`a,b,c\n${wide.join('\n')}\n`)).toEqual([
      ['a varchar', 'b bigint', 'c date'],
      ['00', 0, '2026-01-01'],
      ['01', 1, '2026-01-02'],
      ['02', 2, '2026-01-03'],
    ])
  })

  test('with semicolons, a byte order mark, line breaks in quotes and Windows line ends', async () => {
    expect(
      await read('\uFEFFOrder ID;"Customer ""Name""";note\r\n1;"Ada\r\nLove; lace";"a ""b"" c"\r\n2;Bo;\r\n'),
    ).toEqual([
      ['Order ID bigint', 'Customer "Name" varchar', 'note varchar'],
      [1, 'Ada\r\nLove; lace', 'a "b" c'],
      [2, 'Bo', null],
    ])
    expect(await read('sep=;\na;b\n1;2\n')).toEqual([['a bigint', 'b bigint'], [1, 2]])
  })

  test('in Latin-1 and UTF-16', async () => {
    const rows = [['name varchar', 'city varchar'], ['Ada', 'München']]
    expect(await read(Buffer.from('name,city\nAda,München\n', 'latin1'))).toEqual(rows)
    expect(await read(Buffer.from('\uFEFFname,city\nAda,München\n', 'utf16le'))).toEqual(rows)
  })

  test('with lines of different length, doubled and missing headings', async () => {
    expect(await read('a,a,\n1,2,3\n4\n5,6,7,8\n')).toEqual([
      ['a bigint', 'a_2 bigint', 'column3 bigint', 'column4 bigint'],
      [1, 2, 3, null],
      [4, null, null, null],
      [5, 6, 7, 8],
    ])
  })

  test('without headings, with headings alone, with years as headings', async () => {
    expect(await read('1,x,2026-01-31\n2,y,2026-02-01\n')).toEqual([
      ['column1 bigint', 'column2 varchar', 'column3 date'],
      [1, 'x', '2026-01-31'],
      [2, 'y', '2026-02-01'],
    ])
    expect(await read('id,name\n')).toEqual([['id varchar', 'name varchar']])
    expect(await read('product,2024,2025\nx,1,2\n')).toEqual([
      ['product varchar', '2024 bigint', '2025 bigint'],
      ['x', 1, 2],
    ])
  })

  test('whose numbers turn to words late is text from the start', async () => {
    const many = Array.from({ length: 30_000 }, (_, index) => String(index)).join('\n')
    const served = await openDuckdb(makeFiles({ 'x.csv': `n\n${many}\nn/a\n` }))
    expect(await outcome(served, "SELECT count(*), max(n) FILTER (n = 'n/a') FROM x")).toEqual([
      [30_001, 'n/a'],
    ])
  })
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

test('a pattern names some files of a folder, and one file stands alone', async () => {
  const folder = makeFiles({ 'jan-1.csv': 'a\n1\n', 'jan-2.csv': 'a\n2\n', 'feb.csv': 'a\n3\n', 'y/z.csv': 'a\n4\n' })
  const names = async (path: string): Promise<string[]> =>
    (await (await openDuckdb(join(folder, path))).source.catalog(noSignal)).tables.map(({ name }) => name)
  expect(await names('jan-*.csv')).toEqual(['jan_1', 'jan_2'])
  expect(await names('{feb,jan-?}.csv')).toEqual(['feb', 'jan_1', 'jan_2'])
  expect(await names('**/*.csv')).toEqual(['feb', 'jan_1', 'jan_2', 'z'])
  expect(await names('feb.csv')).toEqual(['feb'])
  for (const path of ['x.duckdb', 'none.csv', 'nothing/*.csv', 'feb.csv/x']) {
    const served = await openDuckdb(join(folder, path))
    await expect(run(served, 'SELECT 1')).rejects.toMatchObject({ code: 'source_unavailable' })
  }
  expect(folderState(folder)).not.toMatch(/none|nothing|duckdb/)
})

describe('from the command line', () => {
  test('a folder of exports is asked in one line, and a mistyped path creates nothing', async () => {
    const folder = makeFiles({ 'exports/orders.csv': 'Order ID;Total\n007;1\n008;2\n' })
    const before = folderState(folder)
    const asked = await vitrine(['query', './exports', 'SELECT "Order ID" FROM orders ORDER BY 1', '--json'], {
      cwd: folder,
    })
    expect(JSON.parse(asked.stdout)).toMatchObject({ rows: [['007'], ['008']] })
    const missed = await vitrine(['query', './export', 'SELECT 1'], { cwd: folder })
    expect([missed.code, missed.stdout]).toEqual([1, ''])
    expect(folderState(folder)).toBe(before)
  })

  test('doctor says what it reads and what this user could do to it', async () => {
    const path = await makeDuckdb('CREATE TABLE t(a INTEGER)')
    const { stdout } = await vitrine(['doctor', path])
    expect(stdout).toMatch(/DuckDB \d+\.\d+\.\d+, \d/)
    expect(stdout).toMatch(/This user may write|may read it and not write it/)
  })
})
