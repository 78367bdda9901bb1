import { foldCase } from '../../base/fold-case.ts'
import type { Table } from '../../sources/catalog.ts'
import type { Names } from '../quote-name.ts'

/** How to come from one of the tables to one of the others, where a foreign key says. */
export function joinPath(
  from: readonly Table[],
  to: readonly Table[],
  names: Names,
): string | undefined {
  for (const one of from) {
    for (const other of to) {
      const condition = keyBetween(one, other, names) ?? keyBetween(other, one, names)
      if (condition !== undefined && one !== other) return `Join on ${condition}.`
    }
  }
  return undefined
}

function keyBetween(from: Table, to: Table, names: Names): string | undefined {
  const key = from.foreignKeys.find(({ table }) => foldCase(table) === foldCase(to.name))
  const primary = to.columns.filter(({ keyPosition }) => keyPosition > 0).map(({ name }) => name)
  const references = key?.references.length === 0 ? primary : key?.references
  return key?.columns
    .map((column, index) => {
      const other = references?.[index] ?? column
      return `${names.column(from, column)} = ${names.column(to, other)}`
    })
    .join(' AND ')
}
