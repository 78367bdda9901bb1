import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toSkeleton } from '../../../dist/edge/audit/fingerprint.js'

test.each([
  ["SELECT a FROM t WHERE b = 'x' AND c > 5", "select A\n from T where b='it''s' and c>-17.5e-3"],
  ['SELECT 1 -- the first', 'SELECT 2 /* another */'],
  ['SELECT a FROM t WHERE b IN (1, 2, 3)', 'SELECT a FROM t WHERE b IN (4)'],
  ["SELECT x'00ff', 0x1F, .5, 1e9", "SELECT x'', 7, 1.5, 2"],
  ["SELECT E'a\\'b secret'", "SELECT E'c\\'d other'"],
  ['SELECT $$a$$', 'SELECT $tag$ it $$ is $tag$'],
  ['SELECT `Name` FROM t', 'SELECT name FROM t'],
  ['SELECT a FROM t LIMIT -1', 'SELECT a FROM t LIMIT 10'],
])('%s has the print of %s', (one, other) => {
  expect(toSkeleton(one)).toBe(toSkeleton(other))
})

test.each([
  ['SELECT a FROM t', 'SELECT b FROM t'],
  ['SELECT a FROM t', 'SELECT a FROM t1'],
  ['SELECT a FROM t WHERE b = 1', 'SELECT a FROM t WHERE b <> 1'],
  ['SELECT a FROM t WHERE b = $1', 'SELECT a FROM t WHERE c = $1'],
  ["SELECT 'x', a FROM t", "SELECT 'x', b FROM t"],
])('%s has another print than %s', (one, other) => {
  expect(toSkeleton(one)).not.toBe(toSkeleton(other))
})

/** A value that nothing else in a statement looks like. */
const secret = fc.stringMatching(/^secret[a-z]{6}$/)

const marks = [' ', '-- ', '#', '/*', '*/', '$$', '$a$', '`', '"', '\n', 'x', '\\\\'] as const

/** The secret among all that has a meaning in some dialect. */
const content = fc
  .tuple(
    fc.array(fc.constantFrom(...marks), { maxLength: 4 }),
    secret,
    fc.array(fc.constantFrom(...marks), { maxLength: 4 }),
  )
  .map(([before, value, after]) => [...before, value, ...after].join(''))

const inQuotes = (quote: string) =>
  content.map((text) => `${quote}${text.replaceAll(quote, quote + quote)}${quote}`)

/** A literal as one of the dialects writes it. */
const literal = fc.oneof(
  inQuotes("'"),
  inQuotes('"'),
  content.map((text) => `E'${text.replaceAll("'", "\\'")} \\' '`),
  content.filter((text) => !text.includes('$')).map((text) => `$q$${text}$q$`),
  content.filter((text) => !text.includes('$')).map((text) => `$$${text}$$`),
  content.map((text) => `q'[it's ${text}]'`),
  // A comment within a comment (PostgreSQL, DuckDB).
  secret.map((text) => `/* why /* and how */ ${text} */`),
)

const code = fc.constantFrom(
  'select a from t where b = ',
  ' and c = ',
  ' -- why\n',
  ' /* how */ ',
  ' #> ',
  ' - -',
  ', ',
  ' union all select ',
  " 'C:\\' ",
  " 'it''s' ",
  ' `d` ',
  // An operator of PostgreSQL.
  ' ` ',
  ' a$b ',
  ' 5--',
)

describe('no literal of any dialect', () => {
  test('survives in the skeleton of a statement', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(code, literal), { minLength: 1, maxLength: 5 }), (parts) => {
        expect(toSkeleton(parts.flat().join(''))).not.toContain('secret')
      }),
      { numRuns: 1000 },
    )
  })

  test('survives at the end of one that is cut or not closed', () => {
    fc.assert(
      fc.property(literal, fc.nat(), (text, cut) => {
        const end = text.indexOf('secret') + 6 + (cut % 20)
        expect(toSkeleton(`select ${text.slice(0, end)}`)).not.toContain('secret')
      }),
      { numRuns: 1000 },
    )
  })
})

test('a statement of megabytes takes no time', () => {
  for (const unit of ["'", "''", '(', 'a', '$', '-- ', '/*', '`a`', "E'\\"]) {
    expect(toSkeleton(unit.repeat(1_000_000)).length).toBeLessThan(200_000)
  }
})
