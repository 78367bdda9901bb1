import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { callTool, engines, openTools, toolConfig } from '../../support/curated.ts'
import { type CorpusStatement, hasCorpus, readLines } from '../../support/corpus.ts'
import { shared } from '../../support/shared.ts'
import { hostile } from '../../statements/hostile-values.ts'
import { anyString } from '../../support/any-string.ts'

const runs = { numRuns: 25 }

/** Hostile statements of an engine, as far as a cell holds them whole. */
const statementsFor = (title: string): string[] =>
  (hasCorpus ? readLines<CorpusStatement>(`statements/${corpusOf[title] ?? 'mysql'}.jsonl`) : [])
    .map(({ sql }) => sql)
    .filter((sql) => Buffer.byteLength(sql) < 4000 && !sql.includes('\0'))

const corpusOf: Readonly<Record<string, string>> = {
  SQLite: 'sqlite',
  DuckDB: 'duckdb',
  PostgreSQL: 'postgres',
}

const string = { type: 'string' }
const strings = { type: 'array', items: string }
const tools = [
  toolConfig('select :value as value', { name: 'text', parameters: { value: string } }),
  toolConfig('select :value as value', {
    name: 'integer',
    parameters: { value: { type: 'integer' } },
  }),
  toolConfig('select :value as value', {
    name: 'number',
    parameters: { value: { type: 'number' } },
  }),
  toolConfig(`select case when :value in (:values) then 'in' else 'out' end as place`, {
    name: 'list',
    parameters: { value: string, values: strings },
  }),
  toolConfig('select id from kept where note = :value or :value is null', {
    name: 'found',
    parameters: { value: { type: 'string', format: 'date', optional: true } },
  }),
  toolConfig('select 1 as same from kept where :one = :other', {
    name: 'moments',
    parameters: {
      one: { type: 'string', format: 'date-time' },
      other: { type: 'string', format: 'date-time' },
    },
  }),
  toolConfig('select note from kept order by id', { name: 'all' }),
]

/** Any text that is well-formed and holds no NUL, which no engine is given. */
const text = anyString({ maxLength: 40 }).filter(
  (value) => !value.includes('\0') && !/\p{Cs}/u.test(value),
)

/** DuckDB's driver takes a mark of byte order at the beginning of a text away when it reads one. */
const readable = (title: string, value: string): boolean =>
  title !== 'DuckDB' || !value.startsWith('\ufeff')

describe.each(engines)('on $title', ({ title, make }) => {
  const open = shared(async (_key: string, whenDone) =>
    openTools(
      await make(
        ['CREATE TABLE kept (id INTEGER, note VARCHAR(40))', "INSERT INTO kept VALUES (1, 'kept')"],
        whenDone,
      ),
      tools,
      { whenDone },
    ),
  )
  const value = async (name: string, given: unknown): Promise<unknown> => {
    const answer = await callTool(await open(''), [name, { value: given }])
    return Array.isArray(answer['rows']) ? (answer['rows'] as unknown[][])[0]?.[0] : answer
  }

  test('any text comes back the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        text.filter((one) => readable(title, one)),
        async (given) => {
          expect(await value('text', given)).toBe(given)
        },
      ),
      runs,
    )
  })

  test('any whole number and any number come back the same', async () => {
    const integers = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    await fc.assert(
      fc.asyncProperty(integers, async (given) => {
        expect(String(await value('integer', String(given)))).toBe(String(given))
      }),
      runs,
    )
    // As JSON has it: without a negative zero.
    const numbers = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 })
    await fc.assert(
      fc.asyncProperty(numbers, async (given) => {
        expect(Number(await value('number', given + 0))).toBe(given + 0)
      }),
      runs,
    )
  })

  const same = async (one: string, other: string): Promise<unknown> =>
    (await callTool(await open(''), ['moments', { one, other }]))['rows']

  test.skipIf(title === 'SQLite')('a moment is the same in every zone', async () => {
    expect(await same('2026-01-20T23:30:00-05:00', '2026-01-21T04:30:00Z')).toEqual([[1]])
    expect(await same('2026-01-20T23:30:00.25Z', '2026-01-21T00:30:00.250+01:00')).toEqual([[1]])
    expect(await same('2026-01-20T23:30:00.25Z', '2026-01-20T23:30:00.26Z')).toEqual([])
  })

  const place = async (given: string, values: readonly string[]): Promise<unknown> =>
    (await callTool(await open(''), ['list', { value: given, values }]))['rows']

  test('a list holds what is in it and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 5 }), async (values) => {
        expect(await place("it's none of them", values)).toEqual([['out']])
        for (const one of values) expect(await place(one, values)).toEqual([['in']])
      }),
      { numRuns: 20 },
    )
  })

  test('statements as values are values', async () => {
    for (const given of [...hostile, ...statementsFor(title)].filter((one) => readable(title, one)))
      expect(await value('text', given)).toBe(given)
    for (const given of hostile) {
      expect(await value('found', given)).toMatchObject({ code: 'invalid_input' })
    }
    expect((await callTool(await open(''), ['all', {}]))['rows']).toEqual([['kept']])
  })

  test('what an engine would read as something else is refused before', async () => {
    for (const given of ['a\0b', 'half \ud800 of one']) {
      expect(await value('text', given)).toMatchObject({ code: 'invalid_input' })
    }
    for (const given of [2 ** 53, '9223372036854775808', 1e300, 'x', true]) {
      expect(await value('integer', given)).toMatchObject({ code: 'invalid_input' })
    }
    expect(await value('text', 'a'.repeat(200_000))).toMatchObject({ code: 'invalid_input' })
    expect(await value('text', 'ä'.repeat(30_000))).toMatchObject({
      text: expect.stringMatching(/^ä+$/) as string,
      bytes: 60_000,
    })
  })
})
