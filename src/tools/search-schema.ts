import { nearest } from '../base/nearest.ts'
import type { Catalog } from '../sources/catalog.ts'
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
    { line: `${text.table(table)} (${table.kind})`, score: score(words, table.name) * 1.5 },
    ...table.columns.map((column) => ({
      line: `${text.table(table)}.${text.column(column, table)}`,
      score: score(words, column.name) + score(words, table.name) / 4,
    })),
  ])
  return matches
    .filter(({ score: value }) => value >= 0.5)
    .toSorted((one, other) => other.score - one.score)
    .slice(0, mostMatches)
    .map(({ line }) => line)
}

/** `customerIds` and `customer_ids` are the words customer and ids. */
const wordsOf = (name: string): string[] =>
  name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')

/** From 0 to 1 for each word: the same, a beginning, a part, or a slip of the finger. */
function score(words: readonly string[], name: string): number {
  const parts = wordsOf(name)
  const scores = words.map((word) => Math.max(0, ...parts.map((part) => closeness(word, part))))
  return scores.reduce((sum, value) => sum + value, 0)
}

function closeness(word: string, part: string): number {
  if (word === part) return 1
  if (part.startsWith(word) || word.startsWith(part)) return 0.8
  if (part.includes(word)) return 0.6
  return nearest(word, [part]) === undefined ? 0 : 0.5
}
