import { AppError } from '../../base/error.ts'
import { quoteText } from './quote.ts'
import { depths, isSign, isWord, type Token, tokenize } from './tokens.ts'

/** Runs a query of one column of text, judged as the statement is. */
export type AskValues = (query: string) => Promise<readonly string[]>

/** DuckDB makes no more columns than this either, in an answer somebody reads. */
const mostColumns = 500
const mostPivots = 4

/**
 * `PIVOT t ON status` without the values of `status`: DuckDB first makes a type out of them, which is
 * no reading. Asked for here, they are written down as `ON CAST(status AS VARCHAR) IN ('new', 'paid')`,
 * which says the same and is one query.
 */
export async function spellOutPivots(query: string, ask: AskValues): Promise<string> {
  let text = query
  for (let pivots = 0; pivots < mostPivots; pivots++) {
    const item = findOpenItem(text)
    if (item === undefined) return text
    const values = await ask(item.valuesQuery)
    if (values.length > mostColumns) throw tooMany()
    const listed = values.length === 0 ? ["''"] : values.map(quoteText)
    text = `${text.slice(0, item.start)} CAST(${item.expression} AS VARCHAR) IN (${listed.join(', ')})${text.slice(item.end)}`
  }
  return text
}

interface OpenItem {
  readonly start: number
  readonly end: number
  readonly expression: string
  readonly valuesQuery: string
}

const afterItems = ['USING', 'GROUP', 'ORDER', 'LIMIT', 'OFFSET']

/** The first thing that is pivoted on without its values. */
function findOpenItem(text: string): OpenItem | undefined {
  const tokens = tokenize(text)
  const depth = depths(tokens)
  for (const [at, token] of tokens.entries()) {
    if (!isWord(token, 'PIVOT', 'PIVOT_WIDER') || !beginsPivot(tokens, at)) continue
    const level = depth[at] ?? 0
    const end = indexFrom(tokens, at, (other, index) => isEnd(other, depth[index] ?? 0, level))
    const isHere = (index: number): boolean => depth[index] === level && index < end
    const on = indexFrom(tokens, at, (other, index) => isHere(index) && isWord(other, 'ON'))
    if (on >= end) continue
    const last = Math.min(
      end,
      indexFrom(tokens, on, (other, index) => isHere(index) && isWord(other, ...afterItems)),
    )
    const span = splitItems(tokens, { from: on + 1, to: last, isHere }).find(
      (item) =>
        item.length > 0 && !item.some((index) => isHere(index) && isWord(tokens[index], 'IN')),
    )
    if (span !== undefined) return toItem(text, { tokens, at, on, span })
  }
  return undefined
}

/** At the start, in parentheses, or after the common table expressions; `FROM t PIVOT (…)` has its values. */
function beginsPivot(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1]
  const isQuery = before === undefined || isSign(before, '(')
  return isQuery || (isSign(before, ')') && !isSign(tokens[at + 1], '('))
}

function indexFrom(
  tokens: readonly Token[],
  from: number,
  is: (token: Token, index: number) => boolean,
): number {
  const found = tokens.findIndex((token, index) => index > from && is(token, index))
  return found === -1 ? tokens.length : found
}

const isEnd = (token: Token, depth: number, level: number): boolean =>
  depth < level || (depth === level && isSign(token, ';'))

interface Range {
  readonly from: number
  readonly to: number
  readonly isHere: (index: number) => boolean
}

/** The indexes of the tokens between the commas. */
function splitItems(tokens: readonly Token[], { from, to, isHere }: Range): number[][] {
  const items: number[][] = [[]]
  for (let index = from; index < to; index++) {
    if (isHere(index) && isSign(tokens[index], ',')) items.push([])
    else items.at(-1)?.push(index)
  }
  return items
}

interface Found {
  readonly tokens: readonly Token[]
  readonly at: number
  readonly on: number
  readonly span: readonly number[]
}

function toItem(text: string, { tokens, at, on, span }: Found): OpenItem {
  const start = tokens[span[0] ?? 0]?.start ?? 0
  const end = tokens[span.at(-1) ?? 0]?.end ?? 0
  const expression = text.slice(start, end)
  const source = text.slice(tokens[at]?.end, tokens[on]?.start)
  const common = commonTables(text, tokens, at)
  const values = `SELECT DISTINCT CAST((${expression}) AS VARCHAR) AS v FROM ${source}`
  return {
    start,
    end,
    expression,
    valuesQuery: `${common}SELECT v FROM (${values}) WHERE v IS NOT NULL ORDER BY v LIMIT ${mostColumns + 1}`,
  }
}

/** The common table expressions that are in sight there, of every query around it, outermost first. */
function commonTables(text: string, tokens: readonly Token[], at: number): string {
  const depth = depths(tokens)
  const level = depth[at] ?? 0
  const starts = Array.from({ length: level + 1 }, (_, one) => startOf(depth, at, one))
  const lists = starts.filter((start) => isWord(tokens[start], 'WITH'))
  const isRecursive = lists.some((start) => isWord(tokens[start + 1], 'RECURSIVE'))
  const entries = lists.flatMap((start) => {
    const first = isWord(tokens[start + 1], 'RECURSIVE') ? start + 2 : start + 1
    const last = lastWhole(tokens, depth, { first, at })
    return last === undefined ? [] : [text.slice(tokens[first]?.start, tokens[last]?.end)]
  })
  return entries.length === 0 ? '' : `WITH ${isRecursive ? 'RECURSIVE ' : ''}${entries.join(', ')} `
}

/** Where the query of that depth begins which `at` is in. */
function startOf(depth: readonly number[], at: number, level: number): number {
  let start = at
  while (start > 0 && (depth[start - 1] ?? 0) >= level) start--
  return start
}

/** The parenthesis that ends the last common table expression before `at`. */
function lastWhole(
  tokens: readonly Token[],
  depth: readonly number[],
  { first, at }: { first: number; at: number },
): number | undefined {
  let last: number | undefined
  let isBody = false
  for (let index = first; index < at; index++) {
    if (depth[index] !== depth[first]) continue
    if (isSign(tokens[index], '(')) isBody = isWord(tokens[index - 1], 'AS', 'MATERIALIZED')
    if (!isSign(tokens[index], ')') || !isBody) continue
    last = index
    if (!isSign(tokens[index + 1], ',')) break
  }
  return last
}

const tooMany = (): AppError =>
  new AppError('query_failed', `PIVOT would make more than ${mostColumns} columns.`, {
    hint: 'Pivot on fewer values: ON status IN (…), or filter before.',
  })
