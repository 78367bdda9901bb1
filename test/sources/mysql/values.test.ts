import { expect, test } from 'vitest'
import { describeOnEach, makeMysqlDatabase, openMysqlSource } from '../../support/mysql.ts'
import { outcome, run } from '../../support/open.ts'

const setup = [
  "SET sql_mode = ''",
  `CREATE TABLE v (d DECIMAL(30,10), n BIGINT, u BIGINT UNSIGNED, b BIT(10), t TIME(2), y YEAR, day DATE,
   at DATETIME(3), e ENUM('a', 'it''s'), s SET('x', 'y'), f FLOAT, g DOUBLE, raw BLOB, j JSON, p POINT, txt TEXT)`,
  `INSERT INTO v VALUES (12345678901234567890.5, -9223372036854775808, 18446744073709551615, b'1000000001',
   '-838:59:58.25', 2024, '0000-00-00', '2026-01-05 10:00:00.5', 'it''s', 'x,y', 0.1, 1e308, x'00ff', '{"a": 1}',
   POINT(1, 2), 'Ç山😀')`,
  `INSERT INTO v (d, at) VALUES (10.50, '0000-00-00')`,
]

const numbers = (most: number): string =>
  `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${most})`

describeOnEach('values of $title', (server) => {
  test('come back whole, with their types as people write them', async () => {
    const { url } = await makeMysqlDatabase(server, setup)
    const served = await openMysqlSource(url)
    const { columns, rows } = await run(served, 'SELECT * FROM v LIMIT 1')
    expect(rows[0]?.slice(0, 13)).toEqual([
      '12345678901234567890.5000000000',
      -9223372036854775808n,
      18446744073709551615n,
      513,
      '-838:59:58.25',
      2024,
      '0000-00-00',
      '2026-01-05T10:00:00.500',
      "it's",
      'x,y',
      0.1,
      1e308,
      expect.any(Uint8Array),
    ])
    expect(rows[0]?.[13]).toBe('{"a": 1}')
    expect(rows[0]?.[14]).toBeInstanceOf(Uint8Array)
    expect(rows[0]?.[15]).toBe('Ç山😀')
    expect(columns.map(({ type }) => type).slice(0, 13)).toEqual(
      'decimal,bigint,bigint unsigned,bit,time,year,date,datetime,enum,set,float,double,blob'.split(
        ',',
      ),
    )
    expect(await outcome(served, 'SELECT d, at FROM v WHERE n IS NULL')).toEqual([
      [10.5, expect.stringMatching(/^0000-00-00T00:00:00/)],
    ])
  })

  test('of a long group or a deep recursion are not cut in silence', async () => {
    const { url } = await makeMysqlDatabase(server, [])
    const served = await openMysqlSource(url)
    expect(await outcome(served, `${numbers(5000)} SELECT max(i) FROM n`)).toEqual([[5000]])
    expect(
      await outcome(
        served,
        `${numbers(2000)} SELECT length(group_concat(repeat('x', 1000))) FROM n`,
      ),
    ).toEqual([[2_001_999]])
  })
})
