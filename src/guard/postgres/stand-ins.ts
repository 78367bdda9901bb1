import { scanSync } from 'libpg-query'
import { AppError } from '../../base/error.ts'
import type { Table } from '../../sources/catalog.ts'
import type { ColumnRule } from '../../sources/statement.ts'
import { maskedTables } from '../masked-tables.ts'
import { inspect, type Inspection, type NamedRelation } from './inspect.ts'
import { parseStatement } from './parse.ts'
import { exactly } from './closed-columns.ts'

/** A table with closed columns where a statement names it. */
export interface Closing {
  readonly named: NamedRelation
  readonly table: Table
  readonly closedColumns: ReadonlyMap<string, ColumnRule>
}

interface Token {
  /** Offsets in bytes. */
  readonly start: number
  readonly end: number
  readonly text: string
  readonly tokenName: string
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * The statement with common table expressions in the place of tables with closed columns. The result
 * is parsed and looked through again: where one of those tables is still named outside of them, the
 * statement is refused.
 */
export function putStandIns(
  text: string,
  closings: readonly Closing[],
  schemaOf: (table: Table) => string,
): string {
  const bytes = Buffer.from(text)
  const tokens = (scanSync(text).tokens as readonly Token[]).filter(
    ({ tokenName }) => !tokenName.endsWith('_COMMENT'),
  )
  const tables = [...new Map(closings.map((closing) => [closing.table.name, closing])).values()]
  const definitions = maskedTables(
    tables,
    {
      quote,
      standIn,
      as: 'AS NOT MATERIALIZED',
      qualify: (table) => `${quote(schemaOf(table))}.${quote(bareName(table))}`,
      nullOf: ({ type }) => `CAST(NULL AS ${type})`,
    },
    exactly,
  )
  const places = new Map(tokens.map(({ start }, index) => [start, index]))
  const edits = [
    toWith(tokens, definitions),
    ...closings.map((one) => toEdit(one, tokens, places.get(one.named.location) ?? -1)),
  ]
  const result = splice(bytes, edits)
  refuseLeftovers(inspect(parseStatement(result)), tables)
  return result
}

/** Behind a WITH that the statement begins with, or as one of its own. */
function toWith(tokens: readonly Token[], definitions: readonly string[]): Edit {
  const first = startOfSelect(tokens)
  const start = tokens[first]?.start ?? 0
  if (!isWord(tokens[first], 'WITH')) {
    return { start, end: start, text: `WITH ${definitions.join(', ')} ` }
  }
  const last = isWord(tokens[first + 1], 'RECURSIVE') ? first + 1 : first
  const end = tokens[last]?.end ?? 0
  return { start: end, end, text: ` ${definitions.join(', ')},` }
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

function toEdit({ named, table }: Closing, tokens: readonly Token[], at: number): Edit {
  const first = tokens[at]
  const last = named.schema === undefined ? first : tokens[at + 2]
  if (first === undefined || last === undefined) throw cannotClose(table)
  // TABLE x is a statement by itself and takes no alias.
  const needsAlias = named.alias === undefined && !isWord(tokens[at - 1], 'TABLE')
  const alias = needsAlias ? ` AS ${quote(bareName(table))}` : ''
  return { start: first.start, end: last.end, text: `${quote(standIn(table))}${alias}` }
}

function splice(bytes: Buffer, edits: readonly Edit[]): string {
  const parts: Buffer[] = []
  let at = 0
  for (const { start, end, text } of edits.toSorted((one, other) => one.start - other.start)) {
    parts.push(bytes.subarray(at, start), Buffer.from(text))
    at = end
  }
  return Buffer.concat([...parts, bytes.subarray(at)]).toString()
}

/** Each of the tables stands once in the result: in its own stand-in, behind its schema. */
function refuseLeftovers({ relations }: Inspection, tables: readonly Closing[]): void {
  for (const { table } of tables) {
    const left = relations.filter(({ name }) => name === bareName(table))
    if (left.length !== 1 || left[0]?.schema === undefined) throw cannotClose(table)
    if (relations.some(({ name }) => name === standIn(table))) throw cannotClose(table)
  }
}

const standIn = (table: Table): string => `open ${table.name}`

const bareName = ({ name, path }: Table): string => path?.at(-1) ?? name

const isWord = (token: Token | undefined, word: string): boolean =>
  token?.text.toUpperCase() === word

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`

const cannotClose = ({ name }: Table): AppError =>
  new AppError(
    'not_open',
    `The table ${name} has columns that are closed, and they cannot be closed in this statement.`,
    {
      hint: `Name the table plainly, as FROM ${name}, and its columns by its alias.`,
      subject: name,
    },
  )
