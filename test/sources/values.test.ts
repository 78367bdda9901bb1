import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toAnswer } from '../../dist/results/answer.js'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { openTestSource, run, shareDatabase } from '../support/open.ts'

const open = shareDatabase('SELECT 1')

const literalOf = (text: string): string => `'${text.replaceAll("'", "''")}'`

const anyText = fc
  .string({ unit: 'grapheme', maxLength: 60 })
  .filter((text) => !text.includes('\0'))

describe('values come back as they are stored', async () => {
  test('64-bit integers', async () => {
    const served = await open({})
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), async (integer) => {
        const { rows } = await run(served, `SELECT CAST(${literalOf(String(integer))} AS INTEGER)`)
        expect(BigInt(rows[0]?.[0] as number | bigint)).toBe(integer)
      }),
      { numRuns: 60, examples: [[2n ** 53n], [2n ** 53n + 1n], [-(2n ** 63n)], [2n ** 63n - 1n]] },
    )
  })

  test('texts of any script', async () => {
    const served = await open({})
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const { rows } = await run(served, `SELECT ${literalOf(text)}`)
        expect(rows[0]?.[0]).toBe(text)
      }),
      {
        numRuns: 60,
        examples: [["'); DROP TABLE x; --"], ['1'], ['1e5'], ['😀 ne\u0301'], ['null']],
      },
    )
  })

  test('real numbers', async () => {
    const served = await open({})
    await fc.assert(
      fc.asyncProperty(fc.double({ noNaN: true, noDefaultInfinity: true }), async (number) => {
        const { rows } = await run(served, `SELECT CAST(${literalOf(String(number))} AS REAL)`)
        expect(rows[0]?.[0]).toBe(number + 0)
      }),
      { numRuns: 60, examples: [[1e308], [5e-324], [0.1]] },
    )
  })

  test('bytes', async () => {
    const served = await open({})
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const answer = toAnswer(
          await run(served, `SELECT x'${Buffer.from(bytes).toString('hex')}'`),
        )
        const value = answer.rows[0]?.[0] as { base64: string; bytes: number }
        expect(Buffer.from(value.base64, 'base64')).toEqual(Buffer.from(bytes))
        expect(value.bytes).toBe(bytes.length)
      }),
      { numRuns: 40 },
    )
  })
})

test('what a JSON number cannot hold is a string, and the type tells what it is', async () => {
  const served = await open({})
  const answer = toAnswer(
    await run(served, 'SELECT 9007199254740993 AS big, 9e999 AS inf, -9e999 AS neg, 2.0 AS r'),
  )
  expect(answer.rows).toEqual([['9007199254740993', 'Infinity', '-Infinity', 2]])
  expect(answer.types).toEqual(['integer', 'real', 'real', 'real'])
})

test('text that looks like a number stays text; mixed columns say both types', async () => {
  const path = makeDatabase(
    "CREATE TABLE t(a); INSERT INTO t VALUES ('007'), (7), (NULL), (x'07'), ('2026-01-01')",
  )
  const answer = toAnswer(await run(await openTestSource(path), 'SELECT a FROM t'))
  expect(answer.rows.flat()).toEqual(['007', 7, null, { base64: 'Bw==', bytes: 1 }, '2026-01-01'])
  expect(answer.types).toEqual(['blob|integer|text'])
})

test('columns of the same name are all kept, and an empty result names its columns', async () => {
  const served = await openTestSource(makeDatabase('CREATE TABLE t(id INTEGER, name TEXT)'))
  const twice = toAnswer(await run(served, 'SELECT 1 AS a, 2 AS a'))
  expect([twice.columns, twice.rows]).toEqual([['a', 'a'], [[1, 2]]])
  const none = toAnswer(await run(served, 'SELECT id, name, upper(name) FROM t'))
  expect(none).toEqual({
    columns: ['id', 'name', 'upper(name)'],
    types: ['integer', 'text', 'null'],
    rows: [],
    row_count: 0,
    truncated: false,
  })
})

test('an encoding other than UTF-8 changes no value', async () => {
  const path = makeDatabase(
    "PRAGMA encoding = 'UTF-16le'; CREATE TABLE t(a); INSERT INTO t VALUES ('Çelik 山 😀')",
  )
  expect((await run(await openTestSource(path), 'SELECT a FROM t')).rows).toEqual([['Çelik 山 😀']])
})

describe('caps', () => {
  const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)'

  test('rows end where the limit is, even of a statement without end', async () => {
    const served = await open({})
    const answer = toAnswer(await run(served, `${endless} SELECT i FROM n`, { rows: 3 }))
    expect(answer.rows).toEqual([[1], [2], [3]])
    expect(answer.truncated).toMatchObject({ by: ['rows'] })
  })

  test('exactly as many rows as the limit are not called truncated', async () => {
    const served = await open({})
    const answer = toAnswer(await run(served, `${endless} SELECT i FROM n LIMIT 3`, { rows: 3 }))
    expect([answer.row_count, answer.truncated]).toEqual([3, false])
  })

  test('the limit of the source holds where a call asks for more', async () => {
    const served = await open({ limits: { rows: 7 } })
    expect((await run(served, `${endless} SELECT i FROM n`, { rows: 500 })).rows).toHaveLength(7)
  })

  test('a long cell is cut between characters, and tells its length', async () => {
    const served = await open({ limits: { cellBytes: 10 } })
    const answer = toAnswer(await run(served, "SELECT replace(hex(zeroblob(10)), '00', 'é') AS a"))
    expect(answer.rows).toEqual([[{ text: 'ééééé', bytes: 20 }]])
    expect(answer.truncated).toMatchObject({ by: ['cell'] })
    const blob = toAnswer(await run(served, 'SELECT zeroblob(1000) AS a'))
    expect(blob.rows).toEqual([[{ base64: 'AAAAAAAAAAAAAA==', bytes: 1000 }]])
  })

  test('an answer stops before it is too large, whatever the rows hold', async () => {
    const served = await open({ limits: { answerBytes: 5000 } })
    for (const text of [
      `${endless} SELECT i, hex(zeroblob(200)) FROM n`,
      `${endless} SELECT ${Array.from({ length: 400 }, () => 'hex(zeroblob(900))').join(', ')} FROM n`,
      `${endless} SELECT randomblob(3000) FROM n`,
    ]) {
      const answer = toAnswer(await run(served, text))
      expect(JSON.stringify(answer.rows).length).toBeLessThan(20_000)
      expect(answer.row_count).toBeGreaterThan(0)
      expect(answer.truncated).toMatchObject({ by: expect.arrayContaining(['bytes']) })
    }
  })
})

test('a file with a name that needs escaping is opened as it is', async () => {
  const path = `${scratchFolder()}/100% ödd?mode=rwc#name.db`
  makeDatabase('CREATE TABLE t(a); INSERT INTO t VALUES (1)', path)
  expect((await run(await openTestSource(path), 'SELECT a FROM t')).rows).toEqual([[1]])
})

test('names of columns count for the size of an answer, and long ones are cut', async () => {
  const served = await open({})
  const long = `SELECT ${Array.from({ length: 30 }, (_, i) => `${i} AS "${'n'.repeat(3000)}"`).join(', ')}`
  const wide = `SELECT ${Array.from({ length: 1500 }, (_, i) => `${i} AS "${'n'.repeat(40)}${i}"`).join(', ')}`
  for (const text of [long, wide]) {
    const answer = toAnswer(await run(served, text))
    expect(JSON.stringify(answer).length).toBeLessThan(120_000)
    expect(answer.row_count).toBe(1)
  }
  const many = `${wide} FROM (VALUES ${Array.from({ length: 40 }, () => '(0)').join(', ')})`
  const { columns: names, rows, truncated } = toAnswer(await run(served, many))
  expect(JSON.stringify([names, rows]).length).toBeLessThan(40_000)
  expect(truncated).toMatchObject({ by: ['bytes'] })
  const { columns } = await run(served, 'SELECT 1 AS "a much shorter name", 2')
  expect(columns.map(({ name }) => name)).toEqual(['a much shorter name', '2'])
})

test('a value of many megabytes is measured, cut and counted; a larger one is told of', async () => {
  const path = makeDatabase('CREATE TABLE t(body); INSERT INTO t VALUES (zeroblob(12000000))')
  const served = await openTestSource(path)
  const { rows } = await run(
    served,
    'SELECT length(body), count(body), hex(substr(body, 1, 2)) FROM t',
  )
  expect(rows).toEqual([[12_000_000, 1, '0000']])
  const failure = await run(served, 'SELECT zeroblob(70000000)').catch((error: unknown) => error)
  expect(failure).toMatchObject({ code: 'result_too_large', hint: expect.stringMatching(/Leave/) })
})
