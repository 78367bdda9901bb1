import { foldCase } from '../../base/fold-case.ts'
import { isAfterSchema, tablePlaces } from './table-names.ts'
import { isName, isSymbol, keyword, type Token } from './tokens.ts'

/** For each parenthesis that opens, the place after the one that closes it. */
type Ends = ReadonlyMap<number, number>

/** Folded names of every common table expression in the text, and rather one too many than one too few. */
export function commonTables(tokens: readonly Token[]): ReadonlySet<string> {
  const ends = parenthesisEnds(tokens)
  return new Set(
    tokens.flatMap((token, index) =>
      isName(token) && bodyOf(tokens, index + 1, ends) !== undefined ? [foldCase(token.text)] : [],
    ),
  )
}

/**
 * The places where a name may mean a real table. A WITH at the beginning of the statement, or of a
 * parenthesis, stands before every table of its names up to the end; only `main.` goes past it.
 */
export function realTablePlaces(tokens: readonly Token[]): number[] {
  const ends = parenthesisEnds(tokens)
  const places = new Set(tablePlaces(tokens))
  const real: number[] = []
  const scopes: (readonly string[])[] = [namesOf(tokens, afterExplain(tokens), ends)]
  /** In how many open scopes each name is defined. */
  const defined = new Map<string, number>()
  const count = (names: readonly string[], step: 1 | -1): void => {
    for (const name of names) defined.set(name, (defined.get(name) ?? 0) + step)
  }
  count(scopes[0] ?? [], 1)
  for (const [index, token] of tokens.entries()) {
    if (isSymbol(token, '(')) {
      const names = ends.has(index) ? namesOf(tokens, index + 1, ends) : []
      scopes.push(names)
      count(names, 1)
    } else if (isSymbol(token, ')') && scopes.length > 1) count(scopes.pop() ?? [], -1)
    else if (places.has(index)) {
      const isCommon = (defined.get(foldCase(token.text)) ?? 0) > 0
      if (!isCommon || isAfterSchema(tokens, index)) real.push(index)
    }
  }
  return real
}

function parenthesisEnds(tokens: readonly Token[]): Ends {
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

function afterExplain(tokens: readonly Token[]): number {
  if (keyword(tokens[0]) !== 'EXPLAIN') return 0
  return keyword(tokens[1]) === 'QUERY' && keyword(tokens[2]) === 'PLAN' ? 3 : 1
}

/** What the WITH at that place defines; nothing where there is none. */
function namesOf(tokens: readonly Token[], start: number, ends: Ends): string[] {
  const names: string[] = []
  let at = keyword(tokens[start]) === 'WITH' ? start + 1 : undefined
  // RECURSIVE may be a name as well.
  if (at !== undefined && keyword(tokens[at]) === 'RECURSIVE')
    if (bodyOf(tokens, at + 1, ends) === undefined) at++
  while (at !== undefined && isName(tokens[at])) {
    const body = bodyOf(tokens, at + 1, ends)
    if (body === undefined) break
    names.push(foldCase(tokens[at]?.text ?? ''))
    const end = ends.get(body) ?? tokens.length
    at = isSymbol(tokens[end], ',') ? end + 1 : undefined
  }
  return names
}

/** Where the body begins, if `[(columns)] AS [NOT] [MATERIALIZED] (` stands at `start`. */
function bodyOf(tokens: readonly Token[], start: number, ends: Ends): number | undefined {
  let at = isSymbol(tokens[start], '(') ? (ends.get(start) ?? tokens.length) : start
  if (keyword(tokens[at]) !== 'AS') return undefined
  at++
  if (keyword(tokens[at]) === 'NOT') at++
  if (keyword(tokens[at]) === 'MATERIALIZED') at++
  return isSymbol(tokens[at], '(') ? at : undefined
}
