import { AppError } from '../../base/error.ts'
import { foldCase } from '../../base/fold-case.ts'
import type { Column } from '../../sources/catalog.ts'
import { remember } from '../remember.ts'
import type { Standing } from './standing.ts'
import type { ResolvedTable } from './tables.ts'
import { isSymbol, isWord, type Token } from './tokens.ts'

export interface Masked {
  readonly text: string
  /** `table.column` of every masked column that the statement can have touched. */
  readonly columns: readonly string[]
}

/**
 * The statement with every table that has closed columns replaced by a query that leaves them out. In the
 * place of each name, and not as a common table expression before the statement: inside the WITH of a
 * subquery MariaDB does not see one that stands further out, and would read the table itself.
 */
export function mask(
  text: string,
  query: readonly Token[],
  tables: readonly ResolvedTable[],
): Masked {
  const closed = tables.filter(({ standing }) => standing.closedColumns.size > 0)
  const standings = [...new Set(closed.map(({ standing }) => standing))]
  return {
    text: standIn(text, closed),
    columns: standings.flatMap((standing) => touched(standing, query)),
  }
}

/** Each in its place; put together once, for a long text names a table thousands of times. */
function standIn(text: string, closed: readonly ResolvedTable[]): string {
  if (closed.length > mostUses) throw tooMany()
  const columnsOf = remember(openColumns)
  let at = 0
  const parts = closed.flatMap(({ reference, standing }) => {
    const { start, end, name, hasAlias, isStatement } = reference
    if (isStatement) throw tableStatement(name)
    const before = text.slice(at, start)
    at = end
    const alias = hasAlias ? '' : ` AS ${quote(name)}`
    const written = text.slice(start, end)
    return [before, `(SELECT ${columnsOf(standing)} FROM ${written})${alias}`]
  })
  return [...parts, text.slice(at)].join('')
}

const mostUses = 500

const tooMany = (): AppError =>
  new AppError(
    'statement_refused',
    `Tables with closed columns may be named ${mostUses} times in one statement.`,
  )

/** Those that are not hidden, a masked one as NULL. */
function openColumns({ table, closedColumns }: Standing): string {
  const columns = table.columns.flatMap((column) => {
    const rule = closedColumns.get(foldCase(column.name))
    if (rule === 'hide') return []
    const name = quote(column.name)
    return rule === 'mask' ? `${nullOf(column)} AS ${name}` : name
  })
  return columns.join(', ')
}

const tableStatement = (name: string): AppError =>
  new AppError('statement_refused', `TABLE ${name} would show columns that are closed.`, {
    hint: `Write SELECT * FROM ${name}.`,
  })

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``

/** https://dev.mysql.com/doc/refman/8.4/en/cast-functions.html#function_cast: one that compares as its type does. */
function nullOf({ type }: Column): string {
  const found = casts.find(([pattern]) => pattern.test(type))
  return `CAST(NULL AS ${found?.[1] ?? 'CHAR'})`
}

const casts: readonly (readonly [RegExp, string])[] = [
  [/^(?:tiny|small|medium|big)?int.*unsigned|^bit/, 'UNSIGNED'],
  [/^(?:tiny|small|medium|big)?int|^year/, 'SIGNED'],
  [/^(?:decimal|numeric)/, 'DECIMAL(65,30)'],
  [/^(?:float|double)/, 'DOUBLE'],
  [/^date$/, 'DATE'],
  [/^(?:datetime|timestamp)/, 'DATETIME'],
  [/^time/, 'TIME'],
  [/blob|binary|geometry|point|polygon|linestring/, 'BINARY'],
]

/** Named, or brought in by a `*` that does not only count. */
function touched({ table, closedColumns }: Standing, query: readonly Token[]): string[] {
  const words = new Set(query.map(({ text }) => foldCase(text)))
  const takesAll = query.some(
    (token, at) =>
      isWord(token, 'TABLE', 'NATURAL') || (isSymbol(token, '*') && !isCount(query, at)),
  )
  return table.columns
    .filter(({ name }) => closedColumns.get(foldCase(name)) === 'mask')
    .filter(({ name }) => takesAll || words.has(foldCase(name)))
    .map(({ name }) => `${table.name}.${name}`)
}

const isCount = (query: readonly Token[], at: number): boolean =>
  isSymbol(query[at - 1], '(') && isWord(query[at - 2], 'COUNT')
