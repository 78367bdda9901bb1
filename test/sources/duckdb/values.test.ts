import { expect, test } from 'vitest'
import { toAnswer } from '../../../dist/results/answer.js'
import { makeDuckdb, openDuckdb } from '../../support/duckdb.ts'
import { noSignal, run } from '../../support/open.ts'

/** Each value, and how it comes back as JSON. */
const values: readonly (readonly [string, unknown, string])[] = [
  ['1::UTINYINT', 1, 'utinyint'],
  ['9223372036854775807', '9223372036854775807', 'bigint'],
  ['18446744073709551615::UBIGINT', '18446744073709551615', 'ubigint'],
  [
    '170141183460469231731687303715884105727::HUGEINT',
    '170141183460469231731687303715884105727',
    'hugeint',
  ],
  ['10.50::DECIMAL(10,2)', 10.5, 'decimal(10,2)'],
  ['-0.01::DECIMAL(10,2)', -0.01, 'decimal(10,2)'],
  ['12345678901234567890123456789.123', '12345678901234567890123456789.123', 'decimal(32,3)'],
  ['0.1::FLOAT', 0.1, 'float'],
  ['0.1::DOUBLE', 0.1, 'double'],
  ["'NaN'::DOUBLE", 'NaN', 'double'],
  ["'-Infinity'::DOUBLE", '-Infinity', 'double'],
  ['true', true, 'boolean'],
  ['NULL', null, 'integer'],
  ["'007'", '007', 'varchar'],
  [String.raw`'\x00\xff\x10'::BLOB`, { base64: 'AP8Q', bytes: 3 }, 'blob'],
  ["'101'::BIT", '101', 'bit'],
  ["DATE '2026-01-31'", '2026-01-31', 'date'],
  ["DATE '0044-03-15 (BC)'", '-0043-03-15', 'date'],
  ["'infinity'::DATE", 'infinity', 'date'],
  ["TIME '10:20:30.5'", '10:20:30.5', 'time'],
  ["'10:20:30+02'::TIMETZ", '10:20:30+02:00', 'time with time zone'],
  ["TIMESTAMP '2026-01-31 10:20:30.123'", '2026-01-31T10:20:30.123', 'timestamp'],
  ["TIMESTAMP_NS '2026-01-31 10:20:30.123456789'", '2026-01-31T10:20:30.123456789', 'timestamp_ns'],
  ["TIMESTAMP_S '2026-01-31 10:20:30'", '2026-01-31T10:20:30', 'timestamp_s'],
  ["TIMESTAMPTZ '2026-01-31 10:20:30+02'", '2026-01-31T08:20:30+00:00', 'timestamp with time zone'],
  ["INTERVAL '1 year 2 months -3 days 4.5 seconds'", 'P1Y2M-3DT4.5S', 'interval'],
  ["INTERVAL '-90 minutes'", 'PT-1H-30M', 'interval'],
  ["INTERVAL '0 days'", 'PT0S', 'interval'],
  ["'8a4bd8d6-0a3f-4b07-9d46-5b1f1a2b3c4d'::UUID", '8a4bd8d6-0a3f-4b07-9d46-5b1f1a2b3c4d', 'uuid'],
  ["'ok'::ENUM('sad', 'ok')", 'ok', 'enum'],
  ['\'{"a": 1.10}\'::JSON', '{"a": 1.10}', 'json'],
  ['[1, NULL, 9223372036854775807]', '[1,null,9223372036854775807]', 'bigint[]'],
  ["['a\"b', NULL]", String.raw`["a\"b",null]`, 'varchar[]'],
  ['[]', '[]', 'integer[]'],
  ['[1, 2]::INTEGER[2]', '[1,2]', 'integer[2]'],
  [
    "{'a': 1.10::DECIMAL(5,2), 'b': [0.1::FLOAT], 'c': 'NaN'::DOUBLE, 'd': DATE '2026-01-31'}",
    '{"a":1.10,"b":[0.1],"c":"NaN","d":"2026-01-31"}',
    'struct(a decimal(5,2), b float[], c double, d date)',
  ],
  ["(1, 'x')", '[1,"x"]', 'struct("" integer, "" varchar)'],
  ["[(1, 'x')]", '[[1,"x"]]', 'struct("" integer, "" varchar)[]'],
  ["MAP {'k': 1, 'l': NULL}", '{"k":1,"l":null}', 'map(varchar, integer)'],
  ['MAP {1: [2]}', '{"1":[2]}', 'map(integer, integer[])'],
  ['union_value(num := 2)', '{"num":2}', 'union(num integer)'],
  // The driver does not tell JSON inside of another value from text.
  [`{'j': '[1]'::JSON}`, '{"j":"[1]"}', 'struct(j varchar)'],
]

test('each type comes back without loss', async () => {
  const served = await openDuckdb(await makeDuckdb('SELECT 1'))
  for (const [text, value, type] of values) {
    const answer = toAnswer(await run(served, `SELECT ${text} AS v`))
    expect({ text, value: answer.rows[0]?.[0], type: answer.types[0] }).toEqual({
      text,
      value,
      type,
    })
  }
})

test('the schema has types, keys, words of an enum, comments and estimates', async () => {
  const path = await makeDuckdb(`
    CREATE TYPE mood AS ENUM ('sad', 'it''s ok');
    CREATE TABLE people(id INTEGER PRIMARY KEY, mood mood NOT NULL, "Full Name" VARCHAR UNIQUE,
      price DECIMAL(10,2), twice DECIMAL(11,2) AS (price * 2));
    CREATE TABLE visits(person INTEGER REFERENCES people(id), visited_at TIMESTAMPTZ, tags VARCHAR[]);
    CREATE INDEX at_first ON visits(visited_at, person);
    COMMENT ON TABLE people IS 'who comes'; COMMENT ON COLUMN people.mood IS 'as told';
    INSERT INTO visits SELECT NULL, now(), [] FROM range(1000);`)
  const { source } = await openDuckdb(path)
  const { tables, engine } = await source.catalog(noSignal)
  expect(engine).toMatch(/^DuckDB \d/)
  const [people, visits] = tables
  expect(people).toMatchObject({ name: 'people', kind: 'table', comment: 'who comes' })
  expect(people?.columns).toEqual([
    { name: 'id', type: 'integer', nullable: false, keyPosition: 1, generated: false },
    {
      name: 'mood',
      type: 'enum',
      nullable: false,
      keyPosition: 0,
      generated: false,
      comment: 'as told',
      values: ['sad', "it's ok"],
    },
    { name: 'Full Name', type: 'varchar', nullable: true, keyPosition: 0, generated: false },
    { name: 'price', type: 'decimal(10,2)', nullable: true, keyPosition: 0, generated: false },
    { name: 'twice', type: 'decimal(11,2)', nullable: true, keyPosition: 0, generated: true },
  ])
  expect(people?.indexes).toEqual([{ columns: ['Full Name'], unique: true }])
  expect(visits?.foreignKeys).toEqual([
    { columns: ['person'], table: 'people', references: ['id'] },
  ])
  expect(visits?.indexes).toEqual([{ columns: ['visited_at', 'person'], unique: false }])
  expect(visits?.estimatedRows).toBe(1000)
  expect(visits?.columns.map(({ type }) => type)).toEqual([
    'integer',
    'timestamp with time zone',
    'varchar[]',
  ])
})
