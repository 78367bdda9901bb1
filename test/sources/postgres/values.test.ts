import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toAnswer } from '../../../dist/results/answer.js'
import { ask, hasPostgres, makePostgres, openPostgres, statement } from '../../support/postgres.ts'
import { noSignal } from '../../support/open.ts'

/** What a model reads of one expression, and the type it is told. */
type Read = readonly [expression: string, value: unknown, type: string]

const reads: readonly Read[] = [
  ['1::int2', 1, 'smallint'],
  ['9007199254740993::int8', '9007199254740993', 'bigint'],
  ['42::int8', 42, 'bigint'],
  ['true', true, 'boolean'],
  ['4294967295::oid', 4294967295, 'oid'],
  ["'NaN'::float8", 'NaN', 'double precision'],
  ["'-Infinity'::float4", '-Infinity', 'real'],
  ['0.1::float8 + 0.2', 0.30000000000000004, 'double precision'],
  ['0.1::float4', 0.1, 'real'],
  ['12.50::numeric(12,2)', 12.5, 'numeric(12,2)'],
  ['3::numeric(4,-2)', 0, 'numeric(4,-2)'],
  ['123456789012345.678::numeric', '123456789012345.678', 'numeric'],
  ['0.1234567890123456789', '0.1234567890123456789', 'numeric'],
  ["'NaN'::numeric", 'NaN', 'numeric'],
  ['1e20::numeric', '100000000000000000000', 'numeric'],
  ['-0.000001::numeric', -0.000001, 'numeric'],
  ['0.0000001::numeric', '0.0000001', 'numeric'],
  ['100::numeric', 100, 'numeric'],
  ["'007'::text", '007', 'text'],
  ["'ab'::char(4)", 'ab  ', 'char(4)'],
  ["'ab'::varchar(4)", 'ab', 'varchar(4)'],
  [String.raw`'\x00ff'::bytea`, { base64: 'AP8=', bytes: 2 }, 'bytea'],
  ["'2024-02-29'::date", '2024-02-29', 'date'],
  ["'infinity'::date", 'infinity', 'date'],
  ["'0044-03-15 BC'::date", '0044-03-15 BC', 'date'],
  ["'2024-01-01 10:00:00.5'::timestamp", '2024-01-01T10:00:00.5', 'timestamp'],
  ["'2024-01-01 10:00:00.5+00'::timestamptz", '2024-01-01T10:00:00.5+00:00', 'timestamptz'],
  ["'12024-01-01 10:00'::timestamp", '+12024-01-01T10:00:00', 'timestamp'],
  ["'0044-03-15 10:00 BC'::timestamp", '0044-03-15 10:00:00 BC', 'timestamp'],
  ["'-infinity'::timestamptz", '-infinity', 'timestamptz'],
  ["'10:00'::time", '10:00:00', 'time'],
  ["'10:00+05:30'::timetz", '10:00:00+05:30', 'timetz'],
  ["'10:00-08'::timetz", '10:00:00-08:00', 'timetz'],
  ["'1 month 2 days'::interval", 'P1M2D', 'interval'],
  ["'-1 day 02:03:04.5'::interval", 'P-1DT2H3M4.5S', 'interval'],
  [`'{"a": [1, 2.50]}'::json`, '{"a": [1, 2.50]}', 'json'],
  [`'{"a":12345678901234567890}'::jsonb`, '{"a": 12345678901234567890}', 'jsonb'],
  ["'{1,NULL,3}'::int[]", '{1,NULL,3}', 'integer[]'],
  [`ARRAY['a,b', 'c"d', 'NULL']`, String.raw`{"a,b","c\"d","NULL"}`, 'text[]'],
  ["'[1,5)'::int4range", '[1,5)', 'int4range'],
  ["'{[1,3),[5,6)}'::int4multirange", '{[1,3),[5,6)}', 'int4multirange'],
  ["ROW(1, 'x')", '(1,x)', 'record'],
  ["'10.0.0.0/8'::inet", '10.0.0.0/8', 'inet'],
  ["'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid", 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'uuid'],
  ["B'101'", '101', 'bit'],
  ["'<a/>'::xml", '<a/>', 'xml'],
  ["to_tsvector('simple', 'a b')", "'a':1 'b':2", 'tsvector'],
  ["'(1,2)'::point", '(1,2)', 'point'],
  ["'happy'::mood", 'happy', 'mood'],
  ["ARRAY['happy']::mood[]", '{happy}', 'mood[]'],
  ["'a'::short", 'a', 'text'],
  ["ROW('x', 2)::pair", '(x,2)', 'pair'],
  ["ROW('x', 2)::deep.pair", '(x,2)', 'deep.pair'],
  ['t', '(1,)', 't'],
  ['ARRAY[t]', '{"(1,)"}', 't[]'],
  ['NULL', null, 'text'],
]

const types = `CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE DOMAIN short AS text CHECK (length(VALUE) < 5);
  CREATE TYPE pair AS (a text, b int); CREATE SCHEMA deep; CREATE TYPE deep.pair AS (a text, b int);
  CREATE TABLE t(a int, b text); INSERT INTO t VALUES (1, NULL)`

describe.runIf(hasPostgres)('values of PostgreSQL', () => {
  test('come back lossless, with the type people write', async () => {
    const source = openPostgres((await makePostgres(types)).url())
    await source.catalog(noSignal)
    const list = reads.map(([expression], index) => `${expression} AS c${index}`).join(', ')
    const answer = toAnswer(await ask(source, `SELECT ${list} FROM t`))
    const got = reads.map(([expression], index) => [
      expression,
      answer.rows[0]?.[index],
      answer.types[index],
    ])
    expect(got).toEqual(reads.map((read) => [...read]))
  })

  test('the settings of a database change none of them', async () => {
    const database = await makePostgres()
    await database.run(`ALTER DATABASE ${database.name} SET datestyle = 'German';
      ALTER DATABASE ${database.name} SET intervalstyle = 'sql_standard';
      ALTER DATABASE ${database.name} SET bytea_output = 'escape';
      ALTER DATABASE ${database.name} SET extra_float_digits = -5;
      ALTER DATABASE ${database.name} SET standard_conforming_strings = off;
      ALTER DATABASE ${database.name} SET timezone = 'Asia/Kolkata';
      ALTER DATABASE ${database.name} SET search_path = pg_catalog`)
    const source = openPostgres(database.url())
    const { rows } = await ask(
      source,
      String.raw`SELECT date '2024-02-29', interval '1 day 2 hours', bytea 'a', 0.1::float8 / 3, 'a\n',
        timestamptz '2024-01-01 00:00+00'`,
    )
    expect(rows).toEqual([
      [
        '2024-02-29',
        'P1DT2H',
        new Uint8Array([97]),
        0.1 / 3,
        String.raw`a\n`,
        '2024-01-01T05:30:00+05:30',
      ],
    ])
  })

  test('numbers and texts of every kind', async () => {
    const source = openPostgres((await makePostgres()).url())
    const same = async (value: string, type: string): Promise<unknown> => {
      const bound = statement(`SELECT $1::${type}`, { parameters: [value] })
      return (await ask(source, bound)).rows[0]?.[0]
    }
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), async (integer) => {
        const got = await same(String(integer), 'int8')
        expect(BigInt(got as number | bigint)).toBe(integer)
      }),
      { numRuns: 50 },
    )
    await fc.assert(
      fc.asyncProperty(fc.double({ noNaN: true, noDefaultInfinity: true }), async (number) => {
        expect(await same(String(number), 'float8')).toBe(number + 0)
      }),
      { numRuns: 50, examples: [[1e308], [5e-324], [0.1]] },
    )
    const decimal = fc
      .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat(12))
      .map(([digits, scale]) => toDecimalText(digits, scale))
    await fc.assert(
      fc.asyncProperty(decimal, async (text) => {
        const got = await same(text, 'numeric')
        const scale = text.split('.')[1]?.length ?? 0
        expect(typeof got === 'number' ? got.toFixed(scale) : got).toBe(text)
      }),
      { numRuns: 100, examples: [['0.1'], ['-0.001'], ['999999999999999'], ['1.000000']] },
    )
    const anyText = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((s) => !s.includes('\0'))
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        expect(await same(text, 'text')).toBe(text)
      }),
      { numRuns: 50, examples: [["'); DROP TABLE x; --"], ['😀 ne\u0301'], ['null'], ['\\N']] },
    )
  })

  test('columns of the same name are all kept, and an empty result names its columns', async () => {
    const source = openPostgres((await makePostgres(types)).url())
    await source.catalog(noSignal)
    const twice = toAnswer(await ask(source, 'SELECT 1 AS a, 2 AS a'))
    expect([twice.columns, twice.rows]).toEqual([['a', 'a'], [[1, 2]]])
    expect(toAnswer(await ask(source, 'SELECT * FROM t WHERE false'))).toMatchObject({
      columns: ['a', 'b'],
      types: ['integer', 'text'],
      rows: [],
      truncated: false,
    })
    expect(toAnswer(await ask(source, 'SELECT FROM t'))).toMatchObject({ columns: [], rows: [[]] })
  })
})

function toDecimalText(digits: bigint, scale: number): string {
  const [sign, plain] = [digits < 0n ? '-' : '', String(digits < 0n ? -digits : digits)]
  const padded = plain.padStart(scale + 1, '0')
  const text = scale === 0 ? padded : `${padded.slice(0, -scale)}.${padded.slice(-scale)}`
  return /[1-9]/.test(text) ? `${sign}${text}` : text
}
