import type { Catalog } from '../../sources/catalog.ts'
import { likeness, wordsOf } from '../likeness.ts'
import type { SchemaText } from './schema-text.ts'

const mostMatches = 40

interface Match {
  readonly score: number
  /** Written only for those that are shown. */
  readonly toLine: () => string
}

/** Tables and columns whose names answer to the words, best first, one on a line. */
export function searchSchema(catalog: Catalog, search: string, text: SchemaText): string[] {
  const words = wordsOf(search)
  const likenessOf = remember((name) => likeness(words, name))
  const matches = catalog.tables.flatMap((table): Match[] => {
    const own = likenessOf(table.name)
    return [
      { score: own * 1.5, toLine: () => `${text.table(table)} (${table.kind})` },
      ...table.columns.map((column) => ({
        score: likenessOf(column.name) + own / 4,
        toLine: () => `${text.table(table)}.${text.columnOf(table, column)}`,
      })),
    ]
  })
  return matches
    .filter(({ score }) => score >= 0.5)
    .toSorted((one, other) => other.score - one.score)
    .slice(0, mostMatches)
    .map(({ toLine }) => toLine())
}

/** The same names come back in table after table. */
function remember(make: (name: string) => number): (name: string) => number {
  const made = new Map<string, number>()
  return (name) => {
    const known = made.get(name) ?? make(name)
    made.set(name, known)
    return known
  }
}
