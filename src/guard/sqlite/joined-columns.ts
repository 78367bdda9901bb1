import { AppError } from '../../base/error.ts'
import { foldCase } from '../../base/fold-case.ts'
import type { AccessRules } from '../../sources/sqlite/terms.ts'
import { isSymbol, keyword, type Token } from './tokens.ts'

const joinWords = new Set(['NATURAL', 'LEFT', 'RIGHT', 'FULL', 'OUTER', 'INNER', 'CROSS', 'JOIN'])

/**
 * SQLite compares the columns of USING and NATURAL without asking its authorizer, so no mask reaches
 * them: such a join over a closed column would tell its values by the rows that match. Refused where
 * the text names a table that has one; ON is asked about, and works.
 */
export function refuseClosedJoins(
  tokens: readonly Token[],
  named: readonly string[],
  { tables }: AccessRules,
): void {
  const closed = new Set(
    named.flatMap((name) => [...(tables.get(name)?.closedColumns.keys() ?? [])]),
  )
  if (closed.size === 0) return
  for (const [index, token] of tokens.entries()) {
    const word = keyword(token)
    if (word === 'USING') refuseColumns(tokens.slice(index + 1), closed)
    if (word === 'NATURAL' && isJoin(tokens[index + 1])) throw refused('NATURAL JOIN')
  }
}

function refuseColumns(tokens: readonly Token[], closed: ReadonlySet<string>): void {
  const end = tokens.findIndex((token) => isSymbol(token, ')'))
  const columns = tokens.slice(0, end === -1 ? tokens.length : end)
  const found = columns.find(({ text }) => closed.has(foldCase(text)))
  if (found !== undefined) throw refused(`JOIN … USING (${found.text})`)
}

const isJoin = (token: Token | undefined): boolean => joinWords.has(keyword(token) ?? '')

const refused = (join: string): AppError =>
  new AppError('not_open', `${join} would compare a column that is not open.`, {
    hint: 'Join with ON, on columns that are open.',
  })
