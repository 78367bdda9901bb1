import { foldCase } from '../../base/fold-case.ts'
import { isName, isSymbol, keyword, type Token } from './tokens.ts'

/** Words that end a FROM clause. WINDOW does not: it may be an alias as well. */
const endsFrom = new Set(
  `SELECT VALUES WHERE GROUP HAVING ORDER LIMIT UNION INTERSECT EXCEPT RETURNING`.split(' '),
)
const beginsSelect = new Set(['SELECT', 'VALUES'])
/** No other database can be attached. */
const schemas = new Set(['main', 'temp'])

/** What stands at one level of parentheses: no FROM clause, tables of one, or a condition after ON. */
type Level = 'none' | 'tables' | 'condition'

/** Every name that stands where a table may stand, and rather one too many than one too few. */
export const tableNames = (tokens: readonly Token[]): string[] => [
  ...new Set(tablePlaces(tokens).map((index) => foldCase(tokens[index]?.text ?? ''))),
]

/**
 * Where those names stand: after FROM, JOIN and IN, after the name of a schema and a dot, and after a
 * comma or parenthesis among the tables of a FROM clause.
 */
export function tablePlaces(tokens: readonly Token[]): number[] {
  const places: number[] = []
  const levels: Level[] = ['none']
  for (const [index, token] of tokens.entries()) {
    const here = levels.at(-1) ?? 'none'
    const previous = tokens[index - 1]
    const begins = beginsTable(previous, here)
    if (begins || keyword(previous) === 'IN' || isAfterSchema(tokens, index))
      if (isName(token) && !beginsSelect.has(keyword(token) ?? '')) places.push(index)
    if (isSymbol(token, '(')) levels.push(begins ? 'tables' : 'none')
    else if (isSymbol(token, ')')) levels.splice(Math.max(1, levels.length - 1), 1)
    else levels[levels.length - 1] = levelAfter(token, previous, here)
  }
  return places
}

/** True after `main.`, but not where that is itself behind a dot. */
export const isAfterSchema = (tokens: readonly Token[], index: number): boolean =>
  isSymbol(tokens[index - 1], '.') && schemas.has(foldCase(tokens[index - 2]?.text ?? ''))

function beginsTable(previous: Token | undefined, here: Level): boolean {
  const word = keyword(previous)
  if (word !== undefined) return word === 'JOIN' || (word === 'FROM' && here === 'tables')
  return here === 'tables' && (isSymbol(previous, ',') || isSymbol(previous, '('))
}

function levelAfter(token: Token, previous: Token | undefined, here: Level): Level {
  const word = keyword(token)
  // IS [NOT] DISTINCT FROM compares.
  if (word === 'FROM') return keyword(previous) === 'DISTINCT' ? here : 'tables'
  if (word === 'JOIN') return 'tables'
  if (word === 'ON' && here === 'tables') return 'condition'
  if (word !== undefined && endsFrom.has(word)) return 'none'
  return here === 'condition' && isSymbol(token, ',') ? 'tables' : here
}
