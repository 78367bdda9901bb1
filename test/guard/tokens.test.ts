import fc from 'fast-check'
import { DatabaseSync } from '@photostructure/sqlite'
import { expect, test } from 'vitest'
import { tokenize } from '../../dist/guard/sqlite/tokens.js'
import { anyString } from '../support/any-string.ts'

const texts = (sql: string): string[] => tokenize(sql).map(({ kind, text }) => `${kind} ${text}`)

test.each([
  ["'it''s'", ["string it's"]],
  ["x'00ff' X'AA'", ['string 00ff', 'string AA']],
  ['"a""b" [c d] `e``f`', ['name a"b', 'name c d', 'name e`f']],
  ['a--b\nc', ['word a', 'word c']],
  ['a/*b*/c/*', ['word a', 'word c']],
  ["'open", ['string open']],
  [':name @v $t::x ?12', ['variable :name', 'variable @v', 'variable $t::x', 'variable ?12']],
  ['größe 表 _x$', ['word größe', 'word 表', 'word _x$']],
  ['a\vb', ['word a', 'symbol \v', 'word b']],
])('%j is divided as SQLite divides it', (sql, expected) => {
  expect(texts(sql)).toEqual(expected)
})

test('any text is divided, in time that grows with its length', () => {
  fc.assert(fc.property(anyString(), (sql) => Array.isArray(tokenize(sql))))
  for (const part of ["'", '"', '/*', '[', '-', '(', 'a ', "''"]) {
    expect(tokenize(part.repeat(50_000)).length).toBeLessThanOrEqual(100_000)
  }
})

test('where we see the end of a text or name, SQLite does too', () => {
  const database = new DatabaseSync(':memory:')
  const piece = fc.constantFrom(
    "'",
    "''",
    '"',
    '[',
    ']',
    '`',
    '--',
    '\n',
    '/*',
    '*/',
    ';',
    'a',
    ' ',
    '1',
    '\\',
    '(',
    ')',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const sql = `SELECT ${pieces.join('')}`
      let prepared
      try {
        prepared = database.prepare(sql).expandedSQL
      } catch {
        return
      }
      const ours = tokenize(sql)
      const read = tokenize(prepared ?? '')
      expect(ours.slice(0, read.length)).toEqual(read)
      // What the engine left unread are, to us, further statements.
      const isWhole = ours.length === read.length
      expect(isWhole || read.at(-1)?.text === ';' || ours[read.length]?.text === ';').toBe(true)
    }),
    { numRuns: 1000 },
  )
  database.close()
})
