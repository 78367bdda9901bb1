import { foldCase } from '../../base/fold-case.ts'
import type { Table } from '../../sources/catalog.ts'
import type { ColumnExpression } from '../../sources/mysql/terms.ts'
import type { ColumnRule } from '../../sources/statement.ts'
import { tokenize } from './tokens.ts'

/** Generated columns that are computed from a closed one are closed the same way. */
export function derivedColumns(
  { name }: Table,
  closed: ReadonlyMap<string, ColumnRule>,
  expressions: readonly ColumnExpression[],
): ReadonlyMap<string, ColumnRule> {
  const derived = new Map<string, ColumnRule>()
  if (closed.size === 0) return derived
  const generated = expressions.filter(({ table, kind }) => table === name && kind === 'generated')
  // One may stand on another: as many rounds as there are columns is always enough.
  for (let round = 0; round < generated.length; round++) {
    for (const { column, text } of generated) {
      const rule = tokenize(text)
        .map((token) => foldCase(token.text))
        .map((word) => closed.get(word) ?? derived.get(word))
        .find((found) => found !== undefined)
      if (rule !== undefined) derived.set(foldCase(column), rule)
    }
  }
  return derived
}
