import { AppError } from '../../base/error.ts'
import { isMember, isName, isSymbol, isWord, type Token } from './tokens.ts'
import { isOpenVariable } from './variables.ts'
import { changingFunctions, changingWords, openHints } from './words.ts'

/**
 * Refuses what no reading statement has, wherever it stands: code in comments, variables of the session,
 * words that change or lock.
 */
export function refuseSymbols(tokens: readonly Token[], isRestricted: boolean): void {
  for (const [at, token] of tokens.entries()) {
    if (token.kind === 'open') throw syntax(`Something is opened and not closed: ${start(token)}`)
    if (token.kind === 'code')
      throw refused('A comment that begins with /*! is run by the server; it may not be used here.')
    if (token.kind === 'symbol') refuseSymbol(tokens, at, isRestricted)
    if (token.kind === 'word' && !isMember(tokens, at)) refuseWord(tokens, at)
  }
}

const start = ({ text }: Token): string => (text.length > 20 ? `${text.slice(0, 20)}…` : text)

/**
 * The tokens without hints, which stand for nothing else in a statement: a server without them takes them
 * for a comment, wherever they are.
 */
export function withoutHints(tokens: readonly Token[]): readonly Token[] {
  for (const token of tokens) if (token.kind === 'hint') refuseHint(token)
  return tokens.filter(({ kind }) => kind !== 'hint')
}

/** Every name at the outside of `/*+ NAME(…) NAME(…) *\/`. */
function refuseHint({ text }: Token): void {
  // In quotes a server that reads the hint goes on behind what ends a comment.
  if (!/^(?:[^'"`]|'[^']*'|"[^"]*"|`[^`]*`)*$/.test(text))
    throw refused('A quote in an optimizer hint is not closed.')
  const names = text
    .slice(3, -2)
    .replaceAll(/\([^()]*\)/g, '(')
    .match(/[A-Za-z_]\w*/g)
  const closed = (names ?? []).find((name) => !openHints.has(name.toUpperCase()))
  if (closed !== undefined) throw refused(`The optimizer hint ${closed} may not be used here.`)
}

function refuseSymbol(tokens: readonly Token[], at: number, isRestricted: boolean): void {
  const text = tokens[at]?.text
  if (text === ':=') throw refused('Variables cannot be set here.')
  if (text === '@') refuseVariable(tokens, at, isRestricted)
}

/** A question mark for which no value comes with the text. */
export function refusePlaceholders(tokens: readonly Token[], values: number): void {
  if (tokens.filter((token) => isSymbol(token, '?')).length === values) return
  throw new AppError('invalid_input', 'The statement has a placeholder, ?, and no value for it.', {
    hint: 'Write the value into the statement.',
  })
}

/** `@@[scope.]name` reads a system variable; everything else with `@` is the session's own memory. */
function refuseVariable(tokens: readonly Token[], at: number, isRestricted: boolean): void {
  if (isSymbol(tokens[at - 1], '@') && isName(tokens[at + 1])) return
  const isSystem = isSymbol(tokens[at + 1], '@')
  if (!isSystem) throw refused('Variables of the session (@name) may not be used here.')
  const scoped = isSymbol(tokens[at + 3], '.') ? tokens[at + 4] : tokens[at + 2]
  if (!isName(scoped)) throw syntax('A name is missing behind @@.')
  if (isOpenVariable(scoped.text, isRestricted)) return
  throw refused(`The system variable ${scoped.text} may not be read here.`)
}

function refuseWord(tokens: readonly Token[], at: number): void {
  const [token, next] = [tokens[at], tokens[at + 1]]
  if (token === undefined || token.upper === '') return
  const isFunction = changingFunctions.has(token.upper) && isSymbol(next, '(')
  if (changingWords.has(token.upper) && !isFunction) {
    throw refused(
      `${token.upper} may not be used here; only reading is possible.`,
      hints[token.upper],
    )
  }
  if (token.upper === 'FOR' && isWord(next, 'UPDATE', 'SHARE') && !isLength(tokens, at))
    throw refused(`FOR ${next?.upper} locks rows; only reading is possible here.`, 'Leave it out.')
  if (isWord(token, 'NEXT', 'PREVIOUS') && isWord(next, 'VALUE') && isWord(tokens[at + 2], 'FOR'))
    throw refused('A sequence may not be advanced here.')
}

/** `SUBSTRING(s FROM 1 FOR share)`, with a column of that name: only a number stands before it. */
const isLength = (tokens: readonly Token[], at: number): boolean =>
  isWord(tokens[at + 1], 'SHARE') &&
  tokens[at - 1]?.kind === 'number' &&
  isWord(tokens[at - 2], 'FROM') &&
  isSymbol(tokens[at + 2], ')')

const hints: Readonly<Record<string, string>> = {
  LOCK: 'Leave LOCK IN SHARE MODE out.',
  INTO: 'Leave INTO out: the rows are the answer.',
}

const refused = (message: string, hint?: string): AppError =>
  new AppError('statement_refused', message, { hint })

const syntax = (message: string): AppError => new AppError('syntax_error', message)
