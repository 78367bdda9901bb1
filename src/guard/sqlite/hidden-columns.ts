import { foldCase } from '../../base/fold-case.ts'
import type { AccessRules } from '../../sources/sqlite/terms.ts'
import { isName, isSymbol, keyword, type Token } from './tokens.ts'

/** `table.column` of every hidden column that the text may mean; those come in by `*` alone are not here. */
export function namedHidden(
  tokens: readonly Token[],
  places: readonly number[],
  rules: AccessRules,
): ReadonlySet<string> {
  const tablesOf = hiddenColumns(rules)
  const named = new Set<string>()
  if (tablesOf.size === 0) return named
  const aliases = findAliases(tokens, places)
  for (const [index, token] of tokens.entries()) {
    const column = foldCase(token.text)
    const tables = tablesOf.get(column)
    if (tables === undefined || !mayBeColumn(tokens, index)) continue
    const meant = qualified(tokens, index) ? aliases.get(qualifierOf(tokens, index)) : undefined
    const others = meant !== undefined && [...meant].every((name) => isBase(name, rules))
    for (const table of tables) if (!others || meant.has(table)) named.add(`${table}.${column}`)
  }
  return named
}

/** The tables that hide a column, by its name. */
function hiddenColumns({ tables }: AccessRules): Map<string, string[]> {
  const tablesOf = new Map<string, string[]>()
  for (const [table, { closedColumns }] of tables) {
    for (const [column, rule] of closedColumns)
      if (rule === 'hide') tablesOf.set(column, [...(tablesOf.get(column) ?? []), table])
  }
  return tablesOf
}

/** What each qualifier may stand for, where the text says: a table's name, or the alias behind it. */
function findAliases(
  tokens: readonly Token[],
  places: readonly number[],
): Map<string, Set<string>> {
  const aliases = new Map<string, Set<string>>()
  for (const index of places) {
    const table = foldCase(tokens[index]?.text ?? '')
    const alias = tokens[keyword(tokens[index + 1]) === 'AS' ? index + 2 : index + 1]
    const names = isName(alias) ? [table, foldCase(alias?.text ?? '')] : [table]
    for (const name of names) aliases.set(name, (aliases.get(name) ?? new Set()).add(table))
  }
  return aliases
}

/** Not a text, and not the name that AS gives. */
function mayBeColumn(tokens: readonly Token[], index: number): boolean {
  if (qualified(tokens, index)) return isName(tokens[index])
  const isWord = tokens[index]?.kind === 'word' || tokens[index]?.kind === 'name'
  return isWord && keyword(tokens[index - 1]) !== 'AS'
}

const qualified = (tokens: readonly Token[], index: number): boolean =>
  isSymbol(tokens[index - 1], '.')

const qualifierOf = (tokens: readonly Token[], index: number): string =>
  foldCase(tokens[index - 2]?.text ?? '')

/** A table that is itself and stands for nothing else, as a view or a common table expression would. */
const isBase = (name: string, { tables, views }: AccessRules): boolean =>
  tables.has(name) && !views.has(name)
