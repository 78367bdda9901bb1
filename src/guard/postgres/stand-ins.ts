import { AppError } from '../../base/error.ts'
import type { Table } from '../../sources/catalog.ts'
import { inspect, type NamedRelation } from './inspect.ts'
import { parseStatement } from './parse.ts'
import { scan, type Token } from './scan.ts'

/** A table with closed columns where a statement names it. */
export interface Closing {
  readonly named: NamedRelation
  readonly table: Table
  /** The query of what is open in it, given its name. */
  readonly readFrom: (name: string) => string
}

/** What is said once before the statement and read wherever it names the table. */
interface StandIn {
  readonly name: string
  readonly closing: Closing
  readonly isOnly: boolean
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

type SchemaOf = (table: Table) => string

/** Each of them makes the statement longer. */
const mostClosings = 1000

/**
 * The statement with common table expressions in the place of tables with closed columns. The result
 * is parsed and looked through again: where one of those tables is still named outside of them, the
 * statement is refused.
 */
export function putStandIns(
  text: string,
  closings: readonly Closing[],
  schemaOf: SchemaOf,
): string {
  const [first] = closings
  if (first === undefined) return text
  if (closings.length > mostClosings)
    throw cannotClose(first.table, 'Name such tables fewer times.')
  const tokens = scan(text)
  const starts = new Map(tokens.map(({ start }, index) => [start, index]))
  const places = closings.map((closing) => placeOf(closing, tokens, starts))
  const standIns = toStandIns(text, places)
  const edits = places.map((place) => toEdit(place, standIns))
  const definitions = [...standIns.values()].map((standIn) => define(standIn, schemaOf))
  for (const at of placesOfWith(tokens)) {
    const result = splice(Buffer.from(text), [toWith(tokens, at, definitions), ...edits])
    if (isClosed(result, [...standIns.values()], schemaOf)) return result
  }
  throw cannotClose(first.table, plainly(first.table))
}

/** Where the table is named in FROM, with an ONLY before it and a star behind it. */
interface Place {
  readonly closing: Closing
  readonly start: number
  readonly end: number
  readonly isOnly: boolean
  readonly needsAlias: boolean
}

function placeOf(
  closing: Closing,
  tokens: readonly Token[],
  starts: ReadonlyMap<number, number>,
): Place {
  const { named: relation, table } = closing
  let from = starts.get(relation.location) ?? tokens.length
  let to = endOfName(tokens, from)
  for (let before = 0; before < relation.qualifiers; before++) to = endOfName(tokens, to + 1)
  const isBracketed = tokens[from - 1]?.text === '(' && isWord(tokens[from - 2], 'ONLY')
  if (isBracketed) [from, to] = [from - 1, to + 1]
  const isOnly = isWord(tokens[from - 1], 'ONLY')
  if (isOnly) from--
  // A star that stands alone means that children are read as well, as they are without it.
  if (tokens[to]?.text === '*') to++
  const [start, end] = [tokens[from]?.start, tokens[to - 1]?.end]
  if (start === undefined || end === undefined) throw cannotClose(table, plainly(table))
  if (isSampled(tokens, to)) throw cannotClose(table, 'Leave out TABLESAMPLE.')
  // TABLE x is a statement by itself and takes no alias.
  const needsAlias = relation.alias === undefined && !isWord(tokens[from - 1], 'TABLE')
  return { closing, start, end, isOnly, needsAlias }
}

/** Behind a plain or quoted name, or one of the kind `U&"…" UESCAPE '…'`. */
const endOfName = (tokens: readonly Token[], at: number): number =>
  isWord(tokens[at + 1], 'UESCAPE') ? at + 3 : at + 1

function isSampled(tokens: readonly Token[], at: number): boolean {
  const alias = isWord(tokens[at], 'AS') ? at + 1 : at
  if (isWord(tokens[alias], 'TABLESAMPLE')) return true
  return isWord(tokens[endOfName(tokens, alias)], 'TABLESAMPLE')
}

/** By table and ONLY. */
function toStandIns(text: string, places: readonly Place[]): ReadonlyMap<string, StandIn> {
  const standIns = new Map<string, StandIn>()
  let number = 0
  for (const { closing, isOnly } of places) {
    const key = keyOf(closing, isOnly)
    if (standIns.has(key)) continue
    // Short, as PostgreSQL cuts names, and none that the statement may use.
    do number++
    while (text.includes(`open ${number}`))
    standIns.set(key, { name: `open ${number}`, closing, isOnly })
  }
  return standIns
}

const keyOf = ({ table }: Closing, isOnly: boolean): string => `${isOnly} ${table.name}`

function toEdit(place: Place, standIns: ReadonlyMap<string, StandIn>): Edit {
  const { closing, start, end, isOnly, needsAlias } = place
  const name = standIns.get(keyOf(closing, isOnly))?.name ?? ''
  const alias = needsAlias ? ` AS ${quote(bareName(closing.table))}` : ''
  // A blank before it, as in FROM"customers" or ONLY(customers).
  return { start, end, text: ` ${quote(name)}${alias} ` }
}

function define({ name, closing, isOnly }: StandIn, schemaOf: SchemaOf): string {
  const { table, readFrom } = closing
  const from = `${isOnly ? 'ONLY ' : ''}${quote(schemaOf(table))}.${quote(bareName(table))}`
  return `${quote(name)} AS NOT MATERIALIZED (${readFrom(from)})`
}

/**
 * Before the query; or in the parentheses that it stands in, which may hold a WITH of their own
 * that allows no other before them.
 */
function placesOfWith(tokens: readonly Token[]): readonly number[] {
  const outside = startOfSelect(tokens)
  let inside = outside
  while (tokens[inside]?.text === '(') inside++
  return inside === outside ? [outside] : [outside, inside]
}

/** Behind a WITH that stands there, or as one of its own. */
function toWith(tokens: readonly Token[], at: number, definitions: readonly string[]): Edit {
  const start = tokens[at]?.start ?? 0
  if (!isWord(tokens[at], 'WITH')) {
    return { start, end: start, text: `WITH ${definitions.join(', ')} ` }
  }
  const last = isWord(tokens[at + 1], 'RECURSIVE') ? at + 1 : at
  const end = tokens[last]?.end ?? 0
  return { start: end, end, text: ` ${definitions.join(', ')}, ` }
}

/** Where the query begins, behind an EXPLAIN and its options. */
function startOfSelect(tokens: readonly Token[]): number {
  if (!isWord(tokens[0], 'EXPLAIN')) return 0
  let at = 1
  if (tokens[at]?.text === '(' && isOption(tokens[at + 1])) {
    while (at < tokens.length && tokens[at]?.text !== ')') at++
    return at + 1
  }
  while (isWord(tokens[at], 'VERBOSE') || isWord(tokens[at], 'ANALYZE')) at++
  return at
}

/** `EXPLAIN (SELECT …)` has no options. */
const isOption = (token: Token | undefined): boolean =>
  !['SELECT', 'WITH', 'VALUES', 'TABLE'].some((word) => isWord(token, word)) && token?.text !== '('

function splice(bytes: Buffer, edits: readonly Edit[]): string {
  const parts: Buffer[] = []
  let at = 0
  for (const { start, end, text } of edits.toSorted((one, other) => one.start - other.start)) {
    parts.push(bytes.subarray(at, start), Buffer.from(text))
    at = end
  }
  return Buffer.concat([...parts, bytes.subarray(at)]).toString()
}

/** Each of the tables stands in its own stand-ins, behind its schema, and nowhere else. */
function isClosed(result: string, standIns: readonly StandIn[], schemaOf: SchemaOf): boolean {
  const relations = relationsOf(result)
  if (relations === undefined) return false
  const names = new Set(standIns.map(({ name }) => name))
  if (relations.some(({ name }) => names.has(name))) return false
  return standIns.every(({ closing: { table } }) => {
    const left = relations.filter((relation) => isNamed(table, relation, schemaOf))
    const expected = standIns.filter(({ closing }) => closing.table.name === table.name)
    return left.length === expected.length && left.every(({ schema }) => schema !== undefined)
  })
}

/** Undefined where there is no room for a WITH: the statement itself has been parsed before, its placeholders counted. */
function relationsOf(result: string): readonly NamedRelation[] | undefined {
  try {
    return inspect(parseStatement(result), Number.POSITIVE_INFINITY).relations
  } catch (error) {
    if (error instanceof AppError && error.code === 'syntax_error') return undefined
    throw error
  }
}

const isNamed = (table: Table, { schema, name }: NamedRelation, schemaOf: SchemaOf): boolean =>
  schema === undefined
    ? table.path === undefined && name === table.name
    : schema === schemaOf(table) && name === bareName(table)

const bareName = ({ name, path }: Table): string => path?.at(-1) ?? name

const isWord = (token: Token | undefined, word: string): boolean =>
  token?.kind === 'word' && token.text.toUpperCase() === word

export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`

const plainly = ({ name }: Table): string =>
  `Name the table plainly, as FROM ${name}, and begin the statement with SELECT or WITH.`

/** Not `not_open`, whose hint is the list of open tables: the table is one of them. */
const cannotClose = ({ name }: Table, hint: string): AppError =>
  new AppError(
    'statement_refused',
    `The table ${name} has columns that are closed, and they cannot be closed in this statement.`,
    { hint },
  )
