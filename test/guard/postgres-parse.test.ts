import fc from 'fast-check'
import { scanSync } from 'libpg-query'
import { beforeAll, describe, expect, test } from 'vitest'
import { depthOf } from '../../dist/guard/postgres/depth.js'
import { loadGrammar, parseStatement } from '../../dist/guard/postgres/parse.js'
import { scan } from '../../dist/guard/postgres/scan.js'

beforeAll(loadGrammar)

const outcome = (text: string): string => {
  try {
    parseStatement(text)
    return 'parsed'
  } catch (error) {
    return (error as { code: string }).code
  }
}

const list = (count: number, item: (at: number) => string, separator = ', '): string =>
  Array.from({ length: count }, (_, at) => item(at)).join(separator)

const long: Readonly<Record<string, string>> = {
  'a list of 20,000 numbers': `SELECT 1 FROM t WHERE a IN (${list(20_000, String, ',')})`,
  '5,000 rows of VALUES': `VALUES ${list(5000, (at) => `(${at}, 'name', -1)`)}`,
  '1,000 WHENs': `SELECT CASE ${list(1000, (at) => `WHEN a = ${at} AND b > 1 THEN 'x' || ${at}`, ' ')} ELSE NULL END FROM t`,
  '500 queries in a UNION ALL': list(
    500,
    (at) => `SELECT ${at}, a, b + 1 FROM t WHERE a = ${at} GROUP BY a, b`,
    ' UNION ALL ',
  ),
  '200 joins': `SELECT 1 FROM t ${list(200, (at) => `LEFT OUTER JOIN app."order" AS o${at} ON o${at}.id = t.id AND o${at}.a > 1`, ' ')}`,
  '1,500 conditions': `SELECT 1 FROM t WHERE ${list(750, (at) => `(a = ${at} AND b BETWEEN ${at} AND 7) OR NOT c IS NULL`, ' OR ')}`,
  '300 concatenations': `SELECT ${list(300, (at) => `coalesce(t.a${at}, '')`, " || ', ' || ")} FROM t`,
  '100 levels of queries': `${'SELECT * FROM ('.repeat(100)}SELECT 1${') AS t'.repeat(100)}`,
  'a comment framed in stars': `/${'*'.repeat(2000)}\n * text\n ${'*'.repeat(2000)}/ SELECT 1`,
  'a text of many lines': `SELECT ${list(5000, (at) => `'line ${at}'`, '\n')}`,
}

describe('a long statement is parsed', () => {
  test.each(Object.entries(long))('%s', (_, text) => {
    expect(outcome(text)).toBe('parsed')
  })
})

const fill = (unit: string, before = 'SELECT 1'): string =>
  before + unit.repeat((100_000 - before.length) / unit.length)

describe('no text takes the parser away', () => {
  test.each([
    '+1', '::int', ' ISNULL', ' IS TRUE', ' COLLATE x', ' AT LOCAL', ' IS NFC NORMALIZED', ' || a', '^1',
    ' BETWEEN 1 AND 2 IS NULL', '::join', `${'+1'.repeat(200)}::join`, ' UNION SELECT 1', ' OPERATOR(+) 1',
  ])('a chain of %s', (unit) => {
    for (let round = 0; round < 6; round++) {
      expect(outcome(fill(unit).slice(0, 60_000 + round * 6000))).not.toBe('parsed')
    }
    expect(outcome('SELECT 1')).toBe('parsed')
  }, 20_000) // prettier-ignore

  test('runs of operator characters and comments are told in time', () => {
    const start = performance.now()
    for (const unit of ['/*', '/**/', '*/', '/*/', '+', '-+', `${'+-'.repeat(31)} `, '+/*']) {
      expect(outcome(fill(unit))).not.toBe('parsed')
      expect(outcome(fill(unit, ''))).not.toBe('parsed')
    }
    expect(performance.now() - start).toBeLessThan(5000)
  })
})

/** What can stand again and again behind an expression. */
const chains = [
  '+1', '::int', '::join', '::int[3]', ' ISNULL', ' IS NULL', ' IS TRUE', ' COLLATE x', ' AT LOCAL',
  " AT TIME ZONE 'x'", ' BETWEEN 1 AND 2', ' BETWEEN SYMMETRIC 1 AND (2)', ' IN (1, 2)', ' LIKE join(1)', ' AND a',
  ' OR b', ' IS DISTINCT FROM a', ' OPERATOR(x.+) 1', '[1]', '.and', '.a', ' < 1', ' = CASE WHEN a AND b THEN c END',
  ' + CASE a WHEN 1 THEN 2 ELSE 3 END', ' || (a, b)', ' OVERLAPS (1, 2)', ' /* ( */ - -1', " || E'\\'('", ' IS JSON',
  ' UNION SELECT 1', ' FROM a JOIN b ON c', ' JOIN b ON c', ', 2', ' AS end', ' case', ' FROM x, y', ' + (SELECT 1 end)',
  ' * f(a => 1)', ' IS OF (int)', ' WHERE a', ' -+-1', ' ->> $a$(($a$', ' IS NOT NULL', ' + a.case', ' + a.end',
] // prettier-ignore

/** How often an expression, query or join stands within another. */
function levelsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return Object.entries(value).reduce((deepest, [kind, inner]) => {
    const own =
      /^(A_Expr|TypeCast|NullTest|BooleanTest|CollateClause|FuncCall|JoinExpr|larg|CaseExpr|SubLink|BoolExpr|JsonIsPredicate)$/
    return Math.max(deepest, levelsOf(inner) + (own.test(kind) ? 1 : 0))
  }, 0)
}

describe('what is said before parsing', () => {
  test('no tree is deeper than was said', () => {
    const parts = fc.array(fc.constantFrom(...chains), { minLength: 1, maxLength: 4 })
    const nested = fc.tuple(parts, fc.integer({ min: 1, max: 30 }), fc.boolean())
    let parsed = 0
    fc.assert(
      fc.property(nested, parts, fc.constantFrom('1', 'a', '(1)', 'NOT a'), ([one, times, isInner], tail, head) => {
        const chain = one.join('').repeat(times)
        const text = isInner ? `SELECT (${head}${chain})${tail.join('').repeat(times)}` : `SELECT ${head}${chain}`
        if (outcome(text) !== 'parsed') return
        parsed++
        expect(levelsOf(parseStatement(text))).toBeLessThanOrEqual(depthOf(scan(text)) + 1)
      }),
      { numRuns: 1000 },
    )
    expect(parsed).toBeGreaterThan(150)
  }, 30_000) // prettier-ignore

  test('words and strings begin and end where PostgreSQL sees them', () => {
    const pieces = [
      'a', 'é', 'E', 'e', 'U&', 'N', 'x1', "'", "''", '"', '""', '\\', '$', '$$', '$a$', '$1', '1', '1.', '.5', '1e5', '0x1',
      '/*', '*/', '--', '\n', ' ', '+', '<', '*', '/', '(', ')', '[', ',', '.', ';', ':', '::', '-', '_', '😀', 'SELECT ',
      "E'", "'\n'", "' --\n '", "'\n--\n'", "\\'", '$é$',
    ] // prettier-ignore
    const soup = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 14 })
    let scanned = 0
    fc.assert(
      fc.property(soup, (parts) => {
        const text = parts.join('')
        const theirs = scannedBy(text)
        if (theirs === undefined) return
        scanned++
        const ours = scan(text).filter(({ kind }) => !['operator', 'mark', 'number'].includes(kind))
        expect(ours.map(({ start, end }) => [start, end])).toEqual(theirs)
      }),
      { numRuns: 1500 },
    )
    expect(scanned).toBeGreaterThan(500)
  }, 30_000)
})

/** The words and strings of the real lexer, or undefined where it refuses the text. */
function scannedBy(text: string): number[][] | undefined {
  try {
    const { tokens } = scanSync(text) as {
      tokens: { start: number; end: number; text: string; tokenName: string }[]
    }
    return tokens
      .filter((token) => /^[\w'"$\x80-\uffff]/.test(token.text) && token.text !== '$')
      .filter(({ tokenName }) => !/COMMENT|ICONST|FCONST|PARAM/.test(tokenName))
      .map(({ start, end }) => [start, end])
  } catch {
    return undefined
  }
}
