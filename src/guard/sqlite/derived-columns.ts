import { foldCase } from '../../base/fold-case.ts'
import type { Table } from '../../sources/catalog.ts'
import type { ColumnRule } from '../../sources/statement.ts'
import { isSymbol, type Token, tokenize } from './tokens.ts'

/**
 * Generated columns that are computed from a closed column: SQLite reports only the generated one
 * when it is read, so it is closed the same way. Where the definition cannot be read, all are.
 */
export function derivedColumns(
  table: Table,
  closed: ReadonlyMap<string, ColumnRule>,
): ReadonlyMap<string, ColumnRule> {
  const generated = table.columns.filter((column) => column.generated)
  const derived = new Map<string, ColumnRule>()
  if (closed.size === 0 || generated.length === 0) return derived
  const parts = columnParts(table.definition ?? '')
  // One generated column may stand on another: as many rounds as there are columns is always enough.
  for (let round = 0; round < generated.length; round++) {
    for (const { name } of generated) {
      const rule = closedBy(parts.get(foldCase(name)), new Map([...closed, ...derived]))
      if (rule !== undefined) derived.set(foldCase(name), rule)
    }
  }
  return derived
}

function closedBy(
  words: readonly string[] | undefined,
  closed: ReadonlyMap<string, ColumnRule>,
): ColumnRule | undefined {
  if (words === undefined) return 'mask'
  return words.map((word) => closed.get(word)).find((rule) => rule !== undefined)
}

/** The words of each column's definition in a CREATE TABLE, by the column's lower-case name. */
function columnParts(definition: string): Map<string, readonly string[]> {
  const parts = new Map<string, readonly string[]>()
  for (const [name, ...words] of splitAtCommas(tokenize(definition))) {
    const column = foldCase(name?.text ?? '')
    // Table constraints come last, and their first word may be a column's name.
    if (!parts.has(column))
      parts.set(
        column,
        words.map(({ text }) => foldCase(text)),
      )
  }
  return parts
}

/** What stands between the commas of the outermost parentheses. */
function splitAtCommas(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (isSymbol(token, ')')) depth--
    if (depth === 1 && isSymbol(token, ',')) parts.push([])
    else if (depth > 0) parts.at(-1)?.push(token)
    if (isSymbol(token, '(')) depth++
  }
  return parts
}
