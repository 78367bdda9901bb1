import { AppError } from '../../base/error.ts'
import { isSign, type Lexeme } from '../placeholders.ts'
import { needsWhere, noChange, refused, returnsAll, severalStatements } from './refusals.ts'

/** What the text of a change tells. */
export interface ReadChange {
  /** The table that it changes, in the parts it is written in. */
  readonly table: readonly string[]
}

/** Words between the first one and the table that change nothing but what an error is. */
const modifiers: Readonly<Record<string, readonly string[]>> = {
  INSERT: ['IGNORE', 'OR IGNORE', 'OR ABORT'],
  UPDATE: ['IGNORE', 'OR IGNORE', 'OR ABORT'],
  DELETE: [],
}

/** Where one dialect has a clause that takes a second table. */
const joiningWords: ReadonlySet<string> = new Set(['JOIN', 'STRAIGHT_JOIN', 'USING'])

/**
 * One INSERT, UPDATE or DELETE of one table, in the forms that SQLite, MySQL and MariaDB share. Whoever wrote it
 * runs the server; what is refused are slips: another statement, a second one, every row of a table.
 *
 * @throws AppError `statement_refused`
 */
export function readChange(all: readonly Lexeme[], wholeTable: boolean): ReadChange {
  const lexemes = oneStatement(all)
  const verb = word(lexemes[0])
  const allowed = verb === undefined ? undefined : modifiers[verb]
  if (verb === undefined || allowed === undefined) throw noChange(lexemes[0]?.text ?? '')
  const { table, end } = readTable(lexemes, { verb, allowed })
  const outside = atTheOutside(lexemes.slice(end))
  if (verb !== 'INSERT') {
    refuseSecondTable(outside, verb)
    if (!wholeTable && !outside.some((one) => word(one) === 'WHERE')) throw needsWhere(verb)
  }
  refuseReturningAll(outside)
  return { table }
}

function oneStatement(all: readonly Lexeme[]): readonly Lexeme[] {
  const last = all.findLastIndex((one) => !isSign(one, ';'))
  const lexemes = all.slice(0, last + 1)
  if (lexemes.length === 0) throw new AppError('syntax_error', 'There is no statement in the text.')
  if (lexemes.some((one) => isSign(one, ';'))) throw severalStatements()
  return lexemes
}

interface Verb {
  readonly verb: string
  readonly allowed: readonly string[]
}

function readTable(
  lexemes: readonly Lexeme[],
  { verb, allowed }: Verb,
): { table: string[]; end: number } {
  const before = verb === 'INSERT' ? 'INTO' : verb === 'DELETE' ? 'FROM' : undefined
  let at = 1
  const two = `${word(lexemes[1])} ${word(lexemes[2])}`
  if (allowed.includes(two)) at = 3
  else if (allowed.includes(word(lexemes[1]) ?? '')) at = 2
  if (before !== undefined) {
    if (word(lexemes[at]) !== before) throw otherForm(verb, before)
    at += 1
  } else if (word(lexemes[1]) === 'OR' && at === 1) throw otherForm(verb, 'the table')
  const table = [nameAt(lexemes, at, verb)]
  for (at += 1; isSign(lexemes[at], '.'); at += 2) table.push(nameAt(lexemes, at + 1, verb))
  return { table, end: at }
}

function nameAt(lexemes: readonly Lexeme[], at: number, verb: string): string {
  const one = lexemes[at]
  if (one === undefined || one.kind === 'sign') throw otherForm(verb, 'a table')
  return one.text
}

/** What stands in no brackets. */
function atTheOutside(lexemes: readonly Lexeme[]): Lexeme[] {
  let depth = 0
  return lexemes.filter((one, at) => {
    if (isSign(one, '(')) depth += 1
    else if (isSign(one, ')')) depth -= 1
    // Behind a point a word is a name.
    return depth === 0 && !isSign(lexemes[at - 1], '.')
  })
}

function refuseSecondTable(outside: readonly Lexeme[], verb: string): void {
  const end = outside.findIndex((one) => ['SET', 'WHERE'].includes(word(one) ?? ''))
  const places = outside.slice(0, end === -1 ? undefined : end)
  if (!places.some((one) => isSign(one, ',') || joiningWords.has(word(one) ?? ''))) return
  throw refused(
    `${verb} of several tables at once may not be used here.`,
    'Change one table, and name the rows with a subquery: WHERE id IN (SELECT …).',
  )
}

/** Columns that were added since are not to be told by a star. */
function refuseReturningAll(outside: readonly Lexeme[]): void {
  const from = outside.findIndex((one) => word(one) === 'RETURNING')
  if (from === -1) return
  const isItem = (at: number): boolean =>
    word(outside[at - 1]) === 'RETURNING' || isSign(outside[at - 1], ',')
  if (outside.some((one, at) => at > from && isSign(one, '*') && isItem(at))) throw returnsAll()
}

const otherForm = (verb: string, expected: string): AppError =>
  refused(
    `${verb} stands here in a form that may not be used: expected ${expected}.`,
    'Forms that work: INSERT INTO t …, UPDATE t SET …, DELETE FROM t WHERE …, with OR IGNORE or IGNORE at most.',
    verb,
  )

const word = (one: Lexeme | undefined): string | undefined =>
  one?.kind === 'word' ? one.text.toUpperCase() : undefined
