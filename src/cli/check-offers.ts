import type { App } from '../app/app.ts'
import { didYouMean } from '../base/nearest.ts'
import type { Config } from '../config/config.ts'
import { placeholdersOf } from '../prompts/fill.ts'
import type { RowsOptions } from '../resources/options.ts'
import type { Catalog } from '../sources/catalog.ts'
import { shownCatalog } from '../tools/schema/shown-catalog.ts'
import type { LiveFinding } from './check.ts'

const longestMs = 30_000

/** What resources and prompts name, against what is there and open. */
export async function checkOffers(config: Config, app: App): Promise<LiveFinding[]> {
  const catalogs = await readCatalogs(app)
  return [
    ...config.resources.flatMap((resource) =>
      resource.kind === 'rows' ? checkRows(resource, catalogs) : [],
    ),
    ...checkSuggestions(config, catalogs),
    ...(await checkEmbedded(config, app)),
  ]
}

type Catalogs = ReadonlyMap<string, Catalog>

/** What a model may see; a source that cannot be read is told of as one. */
async function readCatalogs({ sources }: App): Promise<Catalogs> {
  const signal = AbortSignal.timeout(longestMs)
  const reading = [...sources].map(async ([name, declared]): Promise<[string, Catalog][]> => {
    try {
      return [[name, await shownCatalog(await declared.open(), signal)]]
    } catch {
      return []
    }
  })
  return new Map((await Promise.all(reading)).flat())
}

function checkRows({ name, source, table, key }: RowsOptions, catalogs: Catalogs): LiveFinding[] {
  const path = ['resources', name]
  return key
    .flatMap((column) => whatIsMissing({ table, column }, catalogs.get(source)))
    .slice(0, 1)
    .map(({ of, message }) => problem([...path, of === 'table' ? 'table' : 'key'], message))
}

const checkSuggestions = ({ prompts }: Config, catalogs: Catalogs): LiveFinding[] =>
  prompts.own.flatMap((prompt) =>
    prompt.arguments.flatMap(({ name, suggest }) => {
      if (typeof suggest !== 'object') return []
      return whatIsMissing(suggest, catalogs.get(suggest.source)).map(({ message }) =>
        problem(['prompts', prompt.name, 'arguments', name, 'suggest'], message),
      )
    }),
  )

interface Missing {
  readonly of: 'table' | 'column'
  readonly message: string
}

function whatIsMissing(
  { table, column }: { readonly table: string; readonly column: string },
  catalog: Catalog | undefined,
): Missing[] {
  if (catalog === undefined) return []
  const found = catalog.tables.find(({ name }) => name === table)
  if (found === undefined) {
    const hint = didYouMean(
      table,
      catalog.tables.map(({ name }) => name),
    )
    return [{ of: 'table', message: said(`there is no open table ${table}.`, hint) }]
  }
  const open = found.columns.filter(({ masked }) => masked !== true).map(({ name }) => name)
  if (open.includes(column)) return []
  const hint = didYouMean(column, open)
  return [{ of: 'column', message: said(`${table} has no open column ${column}.`, hint) }]
}

/** A URI whose form is none of a resource's; whether there is such a file may change. */
async function checkEmbedded({ prompts }: Config, { resources }: App): Promise<LiveFinding[]> {
  const providers = await Promise.all(resources.map((declared) => declared.open()))
  return prompts.own.flatMap((prompt) =>
    prompt.messages.flatMap(({ resource }, index) => {
      if (resource === undefined || placeholdersOf(resource).length > 0) return []
      if (providers.some((provider) => provider.owns(resource))) return []
      const message = 'no source and no resource of this config has such a URI.'
      return [problem(['prompts', prompt.name, 'messages', index, 'resource'], message)]
    }),
  )
}

const said = (message: string, hint: string | undefined): string =>
  hint === undefined ? message : `${message} ${hint}`

const problem = (path: readonly (string | number)[], message: string): LiveFinding => ({
  level: 'problem',
  message,
  path,
})
