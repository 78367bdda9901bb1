import { probe } from '../apis/probe.ts'
import type { App } from '../app/app.ts'
import { openApp } from '../app/open-app.ts'
import { toAppError } from '../base/error.ts'
import { foldCase } from '../base/fold-case.ts'
import type { Config, SourceConfig } from '../config/config.ts'
import { missingNames } from '../guard/missing-names.ts'
import { isListed } from '../guard/visibility.ts'
import type { Catalog } from '../sources/catalog.ts'
import type { DeclaredApi } from '../tools/api-tool.ts'
import type { DeclaredSource } from '../tools/served-source.ts'
import type { LiveFinding } from './check.ts'
import { checkOffers } from './check-offers.ts'
import { adviseTools } from './docs/advised-tools.ts'

/** Every table and column the config names, and every tool's statement, against what the databases have. */
export async function checkLive(config: Config): Promise<readonly LiveFinding[]> {
  const app = await openApp(config)
  try {
    const findings = config.sources.map((source) =>
      checkSource(source, app.sources.get(source.name)),
    )
    const probes = [...app.apis].map(([name, api]) => checkApi(name, api))
    const found = await Promise.all([...findings, ...probes])
    return [
      ...found.flat(),
      ...(await checkTools(app)),
      ...(await checkOffers(config, app)),
      ...adviseTools(config, app).map((advice): LiveFinding => ({ level: 'warning', ...advice })),
    ]
  } finally {
    await app.close()
  }
}

async function checkTools(app: App): Promise<LiveFinding[]> {
  const broken = await app.brokenTools(AbortSignal.timeout(toolsMs))
  return [...broken].flatMap(([name, flaws]) =>
    flaws.map(({ path, span, message }) => ({
      level: 'problem',
      message,
      path: ['tools', name, ...path],
      ...(span && { within: span }),
    })),
  )
}

const toolsMs = 30_000

/** An API that does not answer now is no mistake of the file. */
async function checkApi(name: string, { open }: DeclaredApi): Promise<LiveFinding[]> {
  const found = await probe(await open(), new AbortController().signal)
  return [{ source: name, ...found, path: ['sources', name, 'url'] }]
}

async function checkSource(
  source: SourceConfig,
  declared: DeclaredSource | undefined,
): Promise<LiveFinding[]> {
  try {
    const served = await declared?.open()
    const catalog = await served?.source.catalog(new AbortController().signal)
    if (served === undefined || catalog === undefined) return []
    const findings = compare(source, catalog)
    if (findings.some(({ level }) => level === 'problem')) return findings
    return [...findings, ...checkClosed(source, catalog, served.guard.show(catalog))]
  } catch (thrown) {
    const { detail, message } = toAppError(thrown)
    return [problem(source, ['url'], detail ?? message)]
  }
}

function compare(source: SourceConfig, catalog: Catalog): LiveFinding[] {
  const mistakes = [
    ...missingNames(source, catalog).map(({ path, message }) => problem(source, path, message)),
    ...checkVirtual(source, catalog),
  ]
  if (mistakes.length > 0) return mistakes
  const all = catalog.tables.filter(({ kind }) => kind !== 'shadow').length
  const count = `${source.tables?.length ?? all} of ${all} tables open`
  return [{ source: source.name, level: 'ok', message: count }, ...checkIndexes(source, catalog)]
}

/** A search in a virtual table reads a column where no mask reaches: such a table is closed whole. */
const checkVirtual = (source: SourceConfig, { tables }: Catalog): LiveFinding[] =>
  Object.keys(source.columns).flatMap((name) => {
    const table = tables.find((one) => foldCase(name).startsWith(`${foldCase(one.name)}.`))
    if (table?.kind !== 'virtual') return []
    const message = `${table.name} is a virtual table: its columns cannot be closed one by one. Leave the table out of tables.`
    return [problem(source, ['columns', name], message)]
  })

/** An index keeps the order of a closed column, and an engine may read rows in that order. */
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

/** Tables that would be open, and are not: what they are made of would tell a closed column. */
function checkClosed(source: SourceConfig, catalog: Catalog, shown: Catalog): LiveFinding[] {
  const open = new Set(shown.tables.map(({ name }) => name))
  return catalog.tables
    .filter(({ kind, name }) => kind !== 'shadow' && isListed(source, name) && !open.has(name))
    .map(({ name }) => {
      const message = `${name} is closed, for it would tell a closed column.`
      return { source: source.name, level: 'warning', message, path: pathOf(source, ['columns']) }
    })
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
