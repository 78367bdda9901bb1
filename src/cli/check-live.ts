import { createApp } from '../app.ts'
import { foldCase } from '../base/fold-case.ts'
import { didYouMean } from '../base/nearest.ts'
import type { Config, SourceConfig } from '../config/config.ts'
import type { Catalog } from '../sources/catalog.ts'
import type { LiveFinding } from './check.ts'

/** Compares every table and column the config names with what the databases have. */
export async function checkLive(config: Config): Promise<readonly LiveFinding[]> {
  const app = createApp(config)
  const signal = new AbortController().signal
  try {
    const unreachable = await app.unreachable(signal)
    const findings = config.sources.map(async (source): Promise<LiveFinding[]> => {
      const error = unreachable.get(source.name)
      if (error !== undefined) return [problem(source, ['url'], error.detail ?? error.message)]
      const served = await app.sources.get(source.name)?.open()
      const catalog = await served?.source.catalog(signal)
      return catalog === undefined ? [] : compare(source, catalog)
    })
    return (await Promise.all(findings)).flat()
  } finally {
    await app.close()
  }
}

function compare(source: SourceConfig, catalog: Catalog): LiveFinding[] {
  const mistakes = [...checkTables(source, catalog), ...checkColumns(source, catalog)]
  if (mistakes.length > 0) return mistakes
  const all = catalog.tables.filter(({ kind }) => kind !== 'shadow').length
  const count = `${source.tables?.length ?? all} of ${all} tables open`
  return [{ source: source.name, level: 'ok', message: count }, ...checkIndexes(source, catalog)]
}

const checkTables = (source: SourceConfig, { tables }: Catalog): LiveFinding[] =>
  (source.tables ?? []).flatMap((name, index) => {
    const names = tables.map((table) => table.name)
    if (names.some((one) => foldCase(one) === foldCase(name))) return []
    const hint = didYouMean(name, names) ?? `Tables: ${names.join(', ')}.`
    return [problem(source, ['tables', index], `There is no table ${name}. ${hint}`)]
  })

const checkColumns = (source: SourceConfig, catalog: Catalog): LiveFinding[] =>
  Object.keys(source.columns).flatMap((name) => {
    const mistake = columnMistake(name, catalog)
    return mistake === undefined ? [] : [problem(source, ['columns', name], mistake)]
  })

/** An index keeps the order of a closed column, and SQLite may read rows in that order. */
const checkIndexes = (source: SourceConfig, { tables }: Catalog): LiveFinding[] =>
  Object.keys(source.columns).flatMap((name): LiveFinding[] => {
    const isIndexed = tables.some((table) =>
      table.indexes.some(({ columns }) =>
        columns.some((column) => foldCase(`${table.name}.${column}`) === foldCase(name)),
      ),
    )
    if (!isIndexed) return []
    const message = `${name} is closed and has an index: rows without ORDER BY may come in its order.`
    return [
      { source: source.name, level: 'warning', message, path: pathOf(source, ['columns', name]) },
    ]
  })

function columnMistake(name: string, { tables }: Catalog): string | undefined {
  const table = tables.find((one) => foldCase(name).startsWith(`${foldCase(one.name)}.`))
  if (table === undefined) {
    const [wanted = ''] = name.split('.')
    return `There is no table ${wanted}. ${
      didYouMean(
        wanted,
        tables.map((one) => one.name),
      ) ?? ''
    }`.trim()
  }
  const column = name.slice(table.name.length + 1)
  const names = table.columns.map((one) => one.name)
  if (!names.some((one) => foldCase(one) === foldCase(column))) {
    return `${table.name} has no column ${column}. ${didYouMean(column, names) ?? `Columns: ${names.join(', ')}.`}`
  }
  if (table.kind !== 'virtual') return undefined
  return `${table.name} is a virtual table: its columns cannot be closed one by one. Leave the table out of tables.`
}

type PathInSource = readonly (string | number)[]

const pathOf = ({ name }: SourceConfig, path: PathInSource): PathInSource => [
  'sources',
  name,
  ...path,
]

const problem = (source: SourceConfig, path: PathInSource, message: string): LiveFinding => ({
  source: source.name,
  level: 'problem',
  message,
  path: pathOf(source, path),
})
