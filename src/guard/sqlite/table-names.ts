import { foldCase } from '../../base/fold-case.ts'
import { isName, isSymbol, keyword, type Token } from './tokens.ts'

/** Words that end a FROM clause. ON and USING do not: a comma after them goes on with tables. */
const endsFrom = new Set(
  `SELECT VALUES WHERE GROUP HAVING WINDOW ORDER LIMIT UNION INTERSECT EXCEPT RETURNING`.split(' '),
)
const beforeTable = new Set(['FROM', 'JOIN', 'IN'])

/**
 * Every name that stands where a table may stand, and rather one too many than one too few: after
 * FROM, JOIN and IN, after a dot, and after a comma or parenthesis inside a FROM clause.
 */
export function tableNames(tokens: readonly Token[]): string[] {
  const names = new Set<string>()
  /** Whether a FROM clause is open, for each level of parentheses. */
  const open = [false]
  for (const [index, token] of tokens.entries()) {
    const word = keyword(token)
    if (isSymbol(token, '(')) open.push(open.at(-1) ?? false)
    else if (isSymbol(token, ')')) open.splice(Math.max(1, open.length - 1), 1)
    else if (word === 'FROM') open[open.length - 1] = true
    else if (word !== undefined && endsFrom.has(word)) open[open.length - 1] = false
    if (isName(token) && mayBeTable(tokens[index - 1], open.at(-1) === true)) {
      names.add(foldCase(token.text))
    }
  }
  return [...names]
}

function mayBeTable(previous: Token | undefined, inFrom: boolean): boolean {
  if (isSymbol(previous, '.')) return true
  const word = keyword(previous)
  if (word !== undefined) return beforeTable.has(word)
  return inFrom && (isSymbol(previous, ',') || isSymbol(previous, '('))
}
