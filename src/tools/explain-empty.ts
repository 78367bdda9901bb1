import type { Table } from '../sources/catalog.ts'
import { isNamedIn } from './named-in.ts'
import { sampleValues } from './sample-values.ts'
import type { ServedSource } from './served-source.ts'
import { shownCatalog } from './shown-catalog.ts'
import type { CallContext } from './tool.ts'

/** Tables looked into. */
const mostTables = 3

/**
 * Why there may be no rows: columns of few values that the statement compares with a word they do
 * not hold, and the words they do. Undefined where nothing of the kind is found.
 */
export async function explainEmpty(
  served: ServedSource,
  text: string,
  context: CallContext,
): Promise<string | undefined> {
  if (!text.includes("'")) return undefined
  const catalog = await shownCatalog(served, context.signal)
  const named = catalog.tables.filter(({ name }) => isNamedIn(text, name)).slice(0, mostTables)
  const hints = await Promise.all(
    named.map((table) => explainTable(served, { table, text }, context)),
  )
  return hints.flat().join(' ') || undefined
}

async function explainTable(
  served: ServedSource,
  { table, text }: { table: Table; text: string },
  context: CallContext,
): Promise<string[]> {
  const columns = table.columns.filter(({ name }) => isNamedIn(text, name))
  const samples = await sampleValues(served, { ...table, columns }, context)
  return [...samples]
    .map(
      ([column, values]) => [column, values.filter((value) => typeof value === 'string')] as const,
    )
    .filter(([, words]) => words.length > 0 && !words.some((word) => text.includes(quote(word))))
    .map(([column, words]) => `${table.name}.${column} holds ${words.map(quote).join(', ')}.`)
}

const quote = (word: string): string => `'${word.replaceAll("'", "''")}'`
