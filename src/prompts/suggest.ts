import { prefixed } from '../base/prefixed.ts'
import type { Table } from '../sources/catalog.ts'
import { quoteName, quoteTable } from '../tools/quote-name.ts'
import { askQuickly, textsOf } from '../tools/query/ask-quickly.ts'
import type { DeclaredSources, ServedSource } from '../tools/served-source.ts'
import { shownCatalog } from '../tools/schema/shown-catalog.ts'
import type { CallContext } from '../tools/tool.ts'
import type { ArgumentOptions, Suggestion } from './options.ts'

/** Values of a column that are looked through. */
const mostValues = 500

interface Typing {
  readonly argument: ArgumentOptions
  /** What has been typed of it. */
  readonly value: string
  /** The arguments before it. */
  readonly others: Readonly<Record<string, string>>
}

/**
 * Values that an argument may have and that begin as what was typed. Only what is open to whoever asks
 * is in `sources`; a source that does not answer gives none.
 */
export async function suggest(
  { argument, value, others }: Typing,
  sources: DeclaredSources,
  context: CallContext,
): Promise<readonly string[]> {
  const { values, suggest: suggestion } = argument
  if (values !== undefined) return prefixed(values, value)
  if (suggestion === undefined) return []
  return prefixed(await lookUp(suggestion, { sources, others, context }), value)
}

interface Surroundings {
  readonly sources: DeclaredSources
  readonly others: Readonly<Record<string, string>>
  readonly context: CallContext
}

function lookUp(
  suggestion: Suggestion,
  around: Surroundings,
): readonly string[] | Promise<readonly string[]> {
  if (suggestion === 'sources') return [...around.sources.keys()]
  return suggestion === 'tables' ? tablesOf(around) : valuesOf(suggestion, around)
}

/** Of the source that was chosen before, else of all. */
async function tablesOf({ sources, others, context }: Surroundings): Promise<readonly string[]> {
  const chosen = sources.get(others['source'] ?? '')
  const asked = chosen === undefined ? [...sources.values()] : [chosen]
  const names = asked.map(async (declared) => {
    const { tables } = await shownCatalog(await declared.open(), context.signal)
    return tables.map(({ name }) => name)
  })
  const settled = await Promise.allSettled(names)
  return [...new Set(settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : [])))]
}

async function valuesOf(
  { source, table, column }: Exclude<Suggestion, string>,
  { sources, context }: Surroundings,
): Promise<readonly string[]> {
  const served = await sources.get(source)?.open()
  if (served === undefined) return []
  const { tables } = await shownCatalog(served, context.signal)
  const found = tables.find(({ name }) => name === table)
  if (found === undefined) return []
  return textsOf(await askQuickly(served, toStatement(served, found, column), context))
}

/** Names only, as they are in the config and the catalog. */
function toStatement({ source }: ServedSource, table: Table, column: string): string {
  const name = quoteName(column, source.capabilities)
  const from = quoteTable(table, source.capabilities)
  return `SELECT DISTINCT ${name} AS value FROM ${from} WHERE ${name} IS NOT NULL LIMIT ${mostValues}`
}
