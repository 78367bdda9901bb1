import type { Catalog } from '../sources/catalog.ts'
import { likeness, wordsOf } from './likeness.ts'
import type { SchemaText } from './schema-text.ts'

const mostMatches = 40

interface Match {
  readonly line: string
  readonly score: number
}

/** Tables and columns whose names answer to the words, best first, one on a line. */
export function searchSchema(catalog: Catalog, search: string, text: SchemaText): string[] {
  const words = wordsOf(search)
  const matches = catalog.tables.flatMap((table): Match[] => [
    { line: `${text.table(table)} (${table.kind})`, score: likeness(words, table.name) * 1.5 },
    ...table.columns.map((column) => ({
      line: `${text.table(table)}.${text.column(column, table)}`,
      score: likeness(words, column.name) + likeness(words, table.name) / 4,
    })),
  ])
  return matches
    .filter(({ score: value }) => value >= 0.5)
    .toSorted((one, other) => other.score - one.score)
    .slice(0, mostMatches)
    .map(({ line }) => line)
}
