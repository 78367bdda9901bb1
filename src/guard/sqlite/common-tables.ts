import { foldCase } from '../../base/fold-case.ts'
import { isAfterSchema } from './table-names.ts'
import { isName, isSymbol, keyword, type Token } from './tokens.ts'

/** The common table expressions of a text. */
export interface CommonTables {
  /** Every name that may be one, and never fewer. */
  readonly names: ReadonlySet<string>
  /** Those that the whole statement begins with: nothing in it can mean a real table of that name. */
  readonly sure: ReadonlySet<string>
}

export function commonTables(tokens: readonly Token[]): CommonTables {
  const ends = parenthesisEnds(tokens)
  const names = tokens.flatMap((token, index) =>
    isName(token) && bodyOf(tokens, index + 1, ends) !== undefined ? [foldCase(token.text)] : [],
  )
  return { names: new Set(names), sure: sureTables(tokens, ends) }
}

/** For each parenthesis that opens, the place after the one that closes it; found in one pass. */
function parenthesisEnds(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const ends = new Map<number, number>()
  const open: number[] = []
  for (const [index, token] of tokens.entries()) {
    if (isSymbol(token, '(')) open.push(index)
    if (!isSymbol(token, ')')) continue
    const start = open.pop()
    if (start !== undefined) ends.set(start, index + 1)
  }
  return ends
}

/** Where the body begins, if `[(columns)] AS [NOT] [MATERIALIZED] (` stands at `start`. */
function bodyOf(
  tokens: readonly Token[],
  start: number,
  ends: ReadonlyMap<number, number>,
): number | undefined {
  let at = isSymbol(tokens[start], '(') ? (ends.get(start) ?? tokens.length) : start
  if (keyword(tokens[at]) !== 'AS') return undefined
  at++
  if (keyword(tokens[at]) === 'NOT') at++
  if (keyword(tokens[at]) === 'MATERIALIZED') at++
  return isSymbol(tokens[at], '(') ? at : undefined
}

/** A name behind `main.` always means the table; without it, the innermost WITH goes first. */
function sureTables(
  tokens: readonly Token[],
  ends: ReadonlyMap<number, number>,
): ReadonlySet<string> {
  const sure = new Set<string>()
  let at = afterWith(tokens)
  while (at !== undefined && isName(tokens[at])) {
    const body = bodyOf(tokens, at + 1, ends)
    if (body === undefined) break
    sure.add(foldCase(tokens[at]?.text ?? ''))
    const end = ends.get(body) ?? tokens.length
    at = isSymbol(tokens[end], ',') ? end + 1 : undefined
  }
  for (const [index, { text }] of tokens.entries())
    if (isAfterSchema(tokens, index)) sure.delete(foldCase(text))
  return sure
}

/** The place of the first name, if the statement begins with WITH. */
function afterWith(tokens: readonly Token[]): number | undefined {
  const words = tokens.slice(0, 4).map(keyword)
  const explained = words[0] !== 'EXPLAIN' ? 0 : words[1] === 'QUERY' && words[2] === 'PLAN' ? 3 : 1
  if (words[explained] !== 'WITH') return undefined
  const next = explained + 1
  const isRecursive = keyword(tokens[next]) === 'RECURSIVE' && isName(tokens[next + 1])
  const named = keyword(tokens[next + 1])
  return isRecursive && named !== 'AS' ? next + 1 : next
}
