import { expect, test } from 'vitest'
import { createGuard } from '../../dist/guard/guard.js'
import type { Dialect } from '../../dist/sources/source.js'

const dialects: readonly Dialect[] = ['sqlite', 'postgres', 'mysql', 'duckdb']
const open = { tables: undefined, columns: {} }
const guards = new Map(
  await Promise.all(
    dialects.map(async (dialect) => [dialect, await createGuard(dialect, open)] as const),
  ),
)

const namesIn = (dialect: Dialect, text: string): string[] =>
  (guards.get(dialect)?.placeholders(text) ?? []).map(({ name, start, end }) => {
    expect(text.slice(start, end)).toBe(`:${name}`)
    return name
  })

test.each(dialects)(
  '%s: a colon and a name is a placeholder wherever a value may stand',
  (dialect) => {
    for (const [text, names] of [
      ['select :a', ['a']],
      ['select :a, (:b) + -:c', ['a', 'b', 'c']],
      ['where x=:a and y>=:b or z<>:_c1', ['a', 'b', '_c1']],
      ["where 'ä😀' = :a and ö = :b", ['a', 'b']],
      ['limit :most\noffset\t:behind', ['most', 'behind']],
      ["concat('a', :b, 'c')", ['b']],
    ] as const) {
      expect([text, ...namesIn(dialect, text)]).toEqual([text, ...names])
    }
  },
)

test.each(dialects)('%s: in a text, a name or a comment it is none', (dialect) => {
  for (const text of [
    "select ':a', 'it''s :b'",
    dialect === 'mysql' ? 'select `:a`' : 'select ":a"',
    '-- :a\nselect 1',
    'select /* :a */ 1',
    'select a:b',
    'select : a',
    'select :1',
    'select ::a',
    'select 1:a',
  ]) {
    expect([text, ...namesIn(dialect, text)]).toEqual([text])
  }
})

test('casts, slices and fields of PostgreSQL and DuckDB are none', () => {
  for (const text of [
    'select x::date',
    "select '1'::int",
    'select a[1:2]',
    'select a[lower:upper]',
    'select f(x)::int, (y)::date',
    'select $$ :a $$, $t$ :b $t$',
    'select x ::date',
  ]) {
    expect([text, ...namesIn('postgres', text)]).toEqual([text])
    expect([text, ...namesIn('duckdb', text)]).toEqual([text])
  }
  expect(namesIn('postgres', "select E'\\':a', U&':b', b':c'")).toEqual([])
  expect(namesIn('postgres', 'select /* /* */ :a */ :b')).toEqual(['b'])
  expect(namesIn('duckdb', "select {'k':v}, {k:v}, total:price")).toEqual([])
  for (const dialect of ['postgres', 'duckdb'] as const) {
    expect(namesIn(dialect, 'select :a::date, a[:b]::text, f(x => :c)')).toEqual(['a', 'b', 'c'])
  }
})

test('words and variables of MySQL are none', () => {
  expect(namesIn('mysql', "select 'a\\':a', # :b\n @x:=1, `a``:c`")).toEqual([])
})

const uses = (text: string) =>
  guards
    .get('sqlite')
    ?.placeholders(text)
    .map(({ use }) => use)

test('a list stands alone in the brackets of IN', () => {
  expect(uses('x in (:a) or x IN ( :a ) or :a is null or :a IS NOT NULL')).toEqual([
    'items',
    'items',
    'presence',
    'presence',
  ])
  expect(uses('x in (:a, :a) or x = (:a) or in(:a + 1)')).toEqual([
    'value',
    'value',
    'value',
    'value',
  ])
})
