import * as fc from 'fast-check'
import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { formatTable, type TableColumn } from '../../dist/cli/table.js'
import { type Colors, createColors } from '../../dist/cli/terminal.js'
import { toVisible } from '../../dist/base/visible.js'
import { anyString } from '../support/any-string.ts'

// The measure that the table library itself uses; it belongs to that package, not to ours.
const stringWidth = createRequire(createRequire(import.meta.url).resolve('cli-table3'))(
  'string-width',
) as (text: string) => number

const colors = createColors(false)
const painted: Colors = { ...colors, dim: (text) => `\u001b[2m${text}\u001b[22m` }

const show = (
  columns: readonly TableColumn[],
  rows: readonly (readonly unknown[])[],
  { width = 80, maxRows }: { width?: number; maxRows?: number } = {},
): string[] =>
  formatTable(columns, rows, {
    width,
    colors,
    ...(maxRows === undefined ? {} : { maxRows }),
  }).split('\n')

const named = (...names: string[]): TableColumn[] => names.map((name) => ({ name }))

describe('a table', () => {
  test('has a header, a line, and numbers to the right', () => {
    const lines = show(
      [
        { name: 'name', type: 'text' },
        { name: 'total', type: 'integer' },
      ],
      [
        ['Ada', 7],
        ['Bo', 12345],
      ],
    )
    expect(lines).toEqual([
      'name  total', //
      '───────────',
      'Ada       7',
      'Bo    12345',
    ])
  })

  test('sets a 64-bit integer that came as a string to the right, because its type says so', () => {
    const lines = show(
      [{ name: 'reference_number', type: 'integer' }, { name: 'x' }],
      [
        ['9007199254740993', 'a'],
        [5, 'b'],
      ],
    )
    expect(lines[2]).toBe('9007199254740993  a')
    expect(lines[3]).toBe('               5  b')
  })

  test('shows a bigint with every digit', () => {
    expect(show(named('id'), [[9_007_199_254_740_993n]])[2]).toBe('9007199254740993')
  })

  test('goes by the values where a column has no type', () => {
    expect(
      show(named('a', 'b'), [
        [1, 'x'],
        [22, 'y'],
      ])[2],
    ).toBe(' 1  x')
    expect(
      show(named('a', 'b'), [
        ['1', 'x'],
        [22, 'y'],
      ])[2],
    ).toBe('1   x')
  })

  test('tells null from the text null by dimming it', () => {
    const text = formatTable(named('a'), [[null], ['null']], { width: 80, colors: painted })
    expect(text.split('\n').slice(2)).toEqual([painted.dim('null'), 'null'])
  })

  test('tells only the size of bytes, as they are and as an answer holds them', () => {
    const rows = [[new Uint8Array(12)], [{ base64: 'AAAA', bytes: 3 }]]
    expect(show(named('a'), rows).slice(2)).toEqual(['<12 bytes>', '<3 bytes>'])
  })

  test('marks a text that the answer had cut', () => {
    expect(show(named('a'), [[{ text: 'long st', bytes: 9000 }]])[2]).toBe('long st…')
  })

  test('keeps columns under each other with wide characters', () => {
    const lines = show(named('name', 'x'), [
      ['田中 雪', 'a'],
      ['서연', 'b'],
      ['🧡 👩‍🚀', 'c'],
      ['e\u0301va', 'd'],
    ])
    const places = lines.slice(2).map((line) => stringWidth(line.slice(0, -1)))
    expect(new Set(places)).toEqual(new Set([9]))
  })

  test('has a header and a line also without rows', () => {
    expect(show(named('id', 'name'), [])).toEqual(['id  name', '────────'])
  })

  test('counts the rows that it leaves out', () => {
    expect(show(named('id'), [[1], [2], [3], [4]], { maxRows: 1 })).toEqual([
      'id',
      '──',
      ' 1',
      '… and 3 more',
    ])
  })

  test('keeps columns of the same name', () => {
    expect(show(named('id', 'id'), [[1, 2]])).toEqual(['id  id', '──────', ' 1   2'])
  })
})

describe('what does not fit', () => {
  test('is cut in the widest text first, never in a number', () => {
    const lines = show(named('number', 'text'), [[1234567890123, 'x'.repeat(100)]], { width: 30 })
    expect(lines[2]).toBe(`1234567890123  ${'x'.repeat(14)}…`)
  })

  test('turns into a block for each record when the columns are too many', () => {
    const columns = Array.from({ length: 12 }, (_, index) => ({ name: `column_${index}` }))
    const rows = [1, 2].map((row) => columns.map((_, index) => `value ${row}.${index}`))
    const lines = show(columns, rows, { width: 60 })
    expect(lines).toHaveLength(26)
    expect(lines[0]).toMatch(/^── 1 ─+$/)
    expect(lines[1]).toBe('column_0   value 1.0')
    expect(lines[25]).toBe('column_11  value 2.11')
  })

  test('turns into blocks also where columns have no name', () => {
    const [, first, second] = show(named('', ''), [['x'.repeat(9), 10n ** 20n]], { width: 22 })
    expect([first, second]).toEqual([`   ${'x'.repeat(9)}`, '   100000000000000000…'])
  })

  test('names the columns when there are too many of them and no rows', () => {
    const columns = Array.from({ length: 30 }, (_, index) => ({ name: `column_${index}` }))
    expect(show(columns, [], { width: 40 })).toEqual(['column_0, column_1, column_2, column_3,…'])
  })

  test('of a very long cell is not looked at', () => {
    const [short, long] = [100, 50_000].map((times) => [['é🧡'.repeat(times), 'b']])
    expect(show(named('a', 'b'), long ?? [])).toEqual(show(named('a', 'b'), short ?? []))
  })
})

describe('the terminal is never spoken to by a cell', () => {
  test.each([
    ['\u001b[31mred', '\\x1b[31mred'],
    ['\u009b2J', '\\x9b2J'],
    ['a\nb\tc\rd', 'a\\nb\\tc\\rd'],
    ['\u0000\u0007\u007f', '\\x00\\x07\\x7f'],
    ['exe.\u202egpj', 'exe.\\u202egpj'],
    ['a\u2066b\u200b', 'a\\u2066b\\u200b'],
    ['\ud800', '\\ud800'],
    ['👩‍🚀 Größe', '👩‍🚀 Größe'],
  ])('%j is shown as %j', (text, visible) => {
    expect(toVisible(text)).toBe(visible)
  })

  test('in a column name neither', () => {
    expect(show(named('a\u001b[2J'), [[1]])[0]).toBe('a\\x1b[2J')
  })
})

const cell = fc.oneof(
  anyString({ maxLength: 60 }),
  fc.string({ unit: fc.constantFrom('🧡', '👩‍🚀', '田', 'é', '\u001b[1m', '🇩🇪', 'a', ' ', '…') }),
  fc.integer(),
  fc.double(),
  fc.bigInt(),
  fc.constant(null),
  fc.boolean(),
  fc.uint8Array({ maxLength: 20 }),
)

const sheets = fc
  .record({ count: fc.integer({ min: 1, max: 14 }), width: fc.integer({ min: 20, max: 140 }) })
  .chain(({ count, width }) =>
    fc.record({
      width: fc.constant(width),
      names: fc.array(anyString({ maxLength: 24 }), {
        minLength: count,
        maxLength: count,
      }),
      rows: fc.array(fc.array(cell, { minLength: count, maxLength: count }), { maxLength: 5 }),
    }),
  )

test('no line is wider than the width, and none holds a control character', () => {
  fc.assert(
    fc.property(sheets, ({ width, names, rows }) => {
      const lines = show(named(...names), rows, { width, maxRows: 3 })
      for (const line of lines) {
        expect(stringWidth(line)).toBeLessThanOrEqual(width)
        expect(line).not.toMatch(/\p{Cc}/u)
      }
    }),
    { numRuns: 150 },
  )
})

test('rows without columns are shown as nothing', () => {
  expect(show([], [[], []])).toEqual([''])
})
