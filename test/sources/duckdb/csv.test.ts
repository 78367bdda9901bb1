import { expect, test } from 'vitest'
import { makeFiles, openDuckdb } from '../../support/duckdb.ts'
import { outcome, run } from '../../support/open.ts'

/** Each messy export, and how its table reads: columns with their types, then rows. */
const exports: Readonly<Record<string, readonly [string | Uint8Array, unknown[]]>> = {
  'types.csv': [
    'Zip Code,n,day,big,price,yes,Ok,when,german,us,either,empty,e\n' +
      '01234,1,2026-01-31,12345678901234567890,1.50,yes,true,2026-01-31 10:20,31.12.2025,12/31/2025,01/02/2025,,1.5e3\n' +
      '99999,-2,,98765432109876543210,.5,no,FALSE,2026-01-31T10:20:30.5,01.02.2026,01/02/2026,03/04/2025,,2\n',
    [
      'Zip Code varchar, n bigint, day date, big varchar, price double, yes varchar, Ok boolean, when timestamp, ' +
        'german date, us date, either varchar, empty varchar, e double',
      [
        '01234',
        1,
        '2026-01-31',
        '12345678901234567890',
        1.5,
        'yes',
        true,
        '2026-01-31T10:20:00',
        '2025-12-31',
        '2025-12-31',
        '01/02/2025',
        null,
        1500,
      ],
      [
        '99999',
        -2,
        null,
        '98765432109876543210',
        0.5,
        'no',
        false,
        '2026-01-31T10:20:30.5',
        '2026-02-01',
        '2026-01-02',
        '03/04/2025',
        null,
        2,
      ],
    ],
  ],
  'semicolons.csv': [
    '\uFEFFOrder ID;"Customer ""Name""";note\r\n1;"Ada\r\nLove; lace";"a ""b"" c"\r\n2;Bo;\r\n',
    [
      'Order ID bigint, Customer "Name" varchar, note varchar',
      [1, 'Ada\r\nLove; lace', 'a "b" c'],
      [2, 'Bo', null],
    ],
  ],
  'excel.csv': ['sep=;\na;b\n1;2\n', ['a bigint, b bigint', [1, 2]]],
  'latin.csv': [
    Buffer.from('name,city\nAda,München\n', 'latin1'),
    ['name varchar, city varchar', ['Ada', 'München']],
  ],
  'utf16.csv': [
    Buffer.from('\uFEFFname,city\nAda,München\n', 'utf16le'),
    ['name varchar, city varchar', ['Ada', 'München']],
  ],
  'ragged.csv': [
    'a,a,\n1,2,3\n4\n5,6,7,8\n',
    [
      'a bigint, a_2 bigint, column3 bigint, column4 bigint',
      [1, 2, 3, null],
      [4, null, null, null],
      [5, 6, 7, 8],
    ],
  ],
  'bare.csv': [
    '1,x,2026-01-31\n2,y,2026-02-01\n',
    [
      'column1 bigint, column2 varchar, column3 date',
      [1, 'x', '2026-01-31'],
      [2, 'y', '2026-02-01'],
    ],
  ],
  'headings.csv': ['id,name\n', ['id varchar, name varchar']],
  'years.csv': [
    'product,2024,2025\nx,1,2\n',
    ['product varchar, 2024 bigint, 2025 bigint', ['x', 1, 2]],
  ],
  'pipes.csv': ['a|b\n1|x, y\n', ['a bigint, b varchar', [1, 'x, y']]],
  'quotes.csv': ['size,name\n5" pipe,x\n', ['size varchar, name varchar', ['5" pipe', 'x']]],
  'single.csv': ['name\nAda\n\nBo\n', ['name varchar', ['Ada'], [null], ['Bo']]],
  'short.csv': [
    'when,power,huge\n1.2.26,1e3,1e400\n2.2.26,2.5e-3,1\n',
    [
      'when varchar, power double, huge varchar',
      ['1.2.26', 1000, '1e400'],
      ['2.2.26', 0.0025, '1'],
    ],
  ],
  'thousands.csv': [
    'total;rate;n;late;comma\n1.000;1.000;1;1;1,5\n2.500;0.5;2;2.000;2\n900;2;3;3;3\n',
    [
      'total varchar, rate double, n bigint, late varchar, comma varchar',
      ['1.000', 1, 1, '1', '1,5'],
      ['2.500', 0.5, 2, '2.000', '2'],
      ['900', 2, 3, '3', '3'],
    ],
  ],
  'decimals.csv': [
    'total,day\n1.000,0026-02-01\n2.500,0026-02-02\n',
    ['total double, day varchar', [1, '0026-02-01'], [2.5, '0026-02-02']],
  ],
  'late.csv': [
    `n\n${Array.from({ length: 30_000 }, (_, index) => String(index)).join('\n')}\nn/a\n`,
    ['n varchar', ['0'], ['1'], ['2']],
  ],
}

test('messy exports keep what people wrote', async () => {
  const folder = makeFiles(
    Object.fromEntries(Object.entries(exports).map(([name, [content]]) => [name, content])),
  )
  const served = await openDuckdb(folder)
  const seen: Record<string, unknown> = {}
  for (const name of Object.keys(exports)) {
    const { columns, rows } = await run(served, `FROM ${name.replace('.csv', '')} LIMIT 3`)
    seen[name] = [columns.map((column) => `${column.name} ${column.type}`).join(', '), ...rows]
  }
  expect(seen).toEqual(
    Object.fromEntries(Object.entries(exports).map(([name, [, table]]) => [name, table])),
  )
  expect(await outcome(served, "SELECT count(*), max(n) FILTER (n = 'n/a') FROM late")).toEqual([
    [30_001, 'n/a'],
  ])
}, 60_000)

test('a file of hundreds of columns is a table within the memory of a worker', async () => {
  const folder = makeFiles({ 'hundred.csv': wide(100), 'hundreds.csv': wide(400) })
  const served = await openDuckdb(folder)
  for (const [table, columns] of [
    ['hundred', 100],
    ['hundreds', 400],
  ] as const) {
    const result = await run(served, `FROM ${table} LIMIT 5`)
    const types = ['bigint', 'varchar', 'date']
    expect(result.columns.map(({ type }) => type)).toEqual(
      Array.from({ length: columns }, (_, place) => types[place % 3]),
    )
    expect(result.rows).toHaveLength(5)
  }
}, 60_000)

function wide(columns: number): string {
  const places = Array.from({ length: columns }, (_, place) => place)
  const rows = Array.from({ length: 20 }, (_, row) =>
    places.map((place) => [String(row * place), `name ${row}`, '2026-01-31'][place % 3]).join(','),
  )
  return [places.map((place) => `c${place}`).join(','), ...rows, ''].join('\n')
}
