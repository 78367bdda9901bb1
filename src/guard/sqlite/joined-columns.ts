import { AppError } from '../../base/error.ts'
import { foldCase } from '../../base/fold-case.ts'
import type { TableRules } from '../../sources/statement.ts'
import { isSymbol, keyword, type Token } from './tokens.ts'

const joinWords = new Set(['NATURAL', 'LEFT', 'RIGHT', 'FULL', 'OUTER', 'INNER', 'CROSS', 'JOIN'])

/** Joins whose columns SQLite compares without asking its authorizer: no rule of ours reaches them. */
export interface ColumnJoins {
  readonly natural: boolean
  /** Folded names of the columns in USING. */
  readonly using: ReadonlySet<string>
}

export function columnJoins(tokens: readonly Token[]): ColumnJoins {
  const using = new Set<string>()
  let natural = false
  let inUsing = false
  for (const [index, token] of tokens.entries()) {
    const word = keyword(token)
    if (word === 'NATURAL') natural ||= joinWords.has(keyword(tokens[index + 1]) ?? '')
    if (inUsing) using.add(foldCase(token.text))
    if (word === 'USING') inUsing = true
    else if (isSymbol(token, ')')) inUsing = false
  }
  return { natural, using }
}

export const joinsByColumn = ({ natural, using }: ColumnJoins): boolean => natural || using.size > 0

/**
 * The join that would compare a closed column of one of the tables, and tell its values by the rows
 * that match; undefined where there is none. ON is asked about, and works.
 */
export function closedJoin(
  { natural, using }: ColumnJoins,
  named: Iterable<string>,
  tables: TableRules,
): string | undefined {
  for (const name of named) {
    const closed = tables.get(name)?.closedColumns
    if (closed === undefined || closed.size === 0) continue
    if (natural) return 'NATURAL JOIN'
    const column = [...closed.keys()].find((one) => using.has(one))
    if (column !== undefined) return `JOIN … USING (${column})`
  }
  return undefined
}

export function refuseClosedJoin(
  joins: ColumnJoins,
  named: Iterable<string>,
  tables: TableRules,
): void {
  const join = closedJoin(joins, named, tables)
  if (join === undefined) return
  throw new AppError('not_open', `${join} would compare a column that is not open.`, {
    hint: 'Join with ON, on columns that are open.',
  })
}
