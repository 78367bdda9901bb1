import { dirname, resolve } from 'node:path'
import { AppError, toAppError } from '../base/error.ts'
import { toAudit } from './audit.ts'
import { toCache, toSourceCache } from './cache.ts'
import { toCallLimits } from './call-limits.ts'
import { isApiUrl } from './api-source.ts'
import { readApis } from './apis.ts'
import { toConfirm } from './confirm.ts'
import { type ApiConfig, type Config, defaultName } from './config.ts'
import { type ConfigDocument, readDocument } from './document.ts'
import { explainErrors } from './explain-yaml.ts'
import { explainIssues } from './explain.ts'
import { type Flaw, type Path, type Span, toDots } from './flaw.ts'
import { toAbsolute } from './file-url.ts'
import { toGroups } from './groups.ts'
import { toHttp } from './http.ts'
import { toJobs } from './jobs.ts'
import { toLimits } from './limits.ts'
import { findExampleFlaws } from './tool-examples.ts'
import { findSchemaFlaws, toTools } from './tools.ts'
import { toPrompts } from './prompts.ts'
import { findFileFlaws, toResources } from './resources.ts'
import { type Mistake, toMistakes, toReport, wholeFile } from './mistake.ts'
import { placeInText } from './place-in-text.ts'
import { readText } from './read-text.ts'
import { lookOutside, type Outside } from './outside.ts'
import { type ConfigFile, configSchema } from './schema.ts'

const mostConfigBytes = 1024 * 1024

/**
 * Reads a configuration file.
 *
 * @throws AppError `config_invalid` whose message names every mistake with its line and column, and
 *   no value that came from a variable.
 */
export async function loadConfig(path: string, env: NodeJS.ProcessEnv): Promise<Config> {
  const { config, mistakes } = await examineConfig(path, env)
  if (config !== undefined) return config
  throw new AppError('config_invalid', toReport(mistakes))
}

/**
 * What would stand in a configuration file, as an object.
 *
 * @throws AppError `config_invalid` whose message names every mistake with its path
 */
export async function readConfig(
  written: object,
  { folder, env }: { readonly folder: string; readonly env: NodeJS.ProcessEnv },
): Promise<Config> {
  // What is no JSON is no configuration either.
  const text = JSON.stringify(written)
  const path = resolve(folder, 'vitrine.yaml')
  const { config, flaws } = await judge(readDocument(text, env), { text, path, env })
  if (config !== undefined) return config
  const lines = flaws.map((flaw) => `${toDots(flaw.path)}: ${flaw.message}`)
  throw new AppError('config_invalid', lines.join('\n'))
}

export interface Examined {
  /** Undefined where there are mistakes. */
  readonly config: Config | undefined
  readonly mistakes: readonly Mistake[]
  /** Names of the sources, of right and wrong ones. */
  readonly sources: readonly string[]
  /** Names of the environment variables that the file asks for. */
  readonly variables: readonly string[]
  /**
   * Something found out about a part of the file, as a mistake at the place of that part; `within` are offsets
   * in its text.
   */
  mistakeAt(path: Path, message: string, within?: Span): Mistake
}

/** The same without throwing, for whoever wants to say more about the file. */
export async function examineConfig(path: string, env: NodeJS.ProcessEnv): Promise<Examined> {
  const text = await readText(path, mostConfigBytes).catch(toAppError)
  if (typeof text !== 'string') return unread(path, text)
  const document = readDocument(text, env)
  const { config, flaws, elsewhere } = await judge(document, { text, path: resolve(path), env })
  const located = { file: path, text, lines: document.lines }
  return {
    config,
    mistakes: [...toMistakes(flaws, located), ...elsewhere],
    sources: namesIn(document.value),
    variables: document.variables,
    mistakeAt(part, message, within) {
      const { key, value, text: content, filled } = document.entryAt(part)
      // The name of a source, of a column or of a parameter is the key itself.
      const isKey = part.length < 3 || ['columns', 'parameters'].includes(String(part.at(-2)))
      const isWithin = within !== undefined && content !== undefined && filled === undefined
      const inValue = isWithin ? placeInText({ file: text, value, text: content }, within) : value
      const span = isKey ? key : inValue
      const [mistake] = toMistakes([{ path: part, span, message }], located)
      return mistake ?? wholeFile(path, message)
    },
  }
}

function unread(path: string, error: AppError): Examined {
  const mistake = wholeFile(path, error.message)
  return {
    config: undefined,
    mistakes: [mistake],
    sources: [],
    variables: [],
    mistakeAt: () => mistake,
  }
}

interface Judged {
  readonly config: Config | undefined
  readonly flaws: readonly Flaw[]
  /** In files that it names. */
  readonly elsewhere: readonly Mistake[]
}

async function judge(
  document: ConfigDocument,
  file: { text: string; path: string; env: NodeJS.ProcessEnv },
): Promise<Judged> {
  if (document.errors.length > 0) {
    return { config: undefined, flaws: explainErrors(document.errors, file.text), elsewhere: [] }
  }
  if (document.value === undefined)
    return { config: undefined, flaws: document.flaws, elsewhere: [] }
  const parsed = configSchema.safeParse(document.value)
  const place = { ...file, folder: dirname(file.path) }
  const outside = new Map<string, Outside>()
  for (const name of namesIn(document.value)) {
    outside.set(name, await lookOutside(['sources', name], document, place.folder))
  }
  const read = parsed.data && (await readApis(parsed.data, { document, outside }))
  const { apis = [], flaws: apiFlaws = [], mistakes: elsewhere = [] } = read ?? {}
  const exampled = [...toTools(parsed.data?.tools), ...apis.flatMap((api) => api.tools)]
  const flaws = [
    ...document.flaws,
    ...explainIssues(parsed.error?.issues ?? [], document),
    ...[...outside.values()].flatMap((found) => found.flaws),
    ...(await findSchemaFlaws(parsed.data?.tools, document)),
    ...apiFlaws,
    ...(await findFileFlaws(parsed.data?.resources, document, place.folder)),
    ...(await findExampleFlaws(exampled, document)),
  ]
  const isRight = flaws.length === 0 && elsewhere.length === 0 && parsed.success
  return {
    config: isRight ? toConfig(parsed.data, { outside, apis, ...place }) : undefined,
    flaws,
    elsewhere,
  }
}

/** Names of the sources, whatever else is wrong. */
function namesIn(value: unknown): string[] {
  const { sources } = (value ?? {}) as { sources?: unknown }
  return typeof sources === 'object' && !Array.isArray(sources) ? Object.keys(sources ?? {}) : []
}

interface Place {
  readonly path: string
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
}

const toConfig = (
  written: ConfigFile,
  {
    outside,
    apis,
    ...place
  }: Place & { outside: ReadonlyMap<string, Outside>; apis: readonly ApiConfig[] },
): Config => ({
  name: written.name ?? defaultName,
  claims: written.claims ?? {},
  groups: toGroups(written.groups),
  modules: (written.modules ?? []).map((path) => toAbsolute(path, place.folder)),
  http: toHttp(place.folder, written.http),
  limits: toCallLimits(written.limits),
  audit: toAudit(written.audit, place.folder),
  jobs: toJobs(written.jobs, place),
  cache: toCache(written.cache, place),
  confirm: toConfirm(written.confirm),
  tools: toTools(written.tools),
  apis,
  resources: toResources(written.resources, place.folder),
  prompts: { defaults: written.default_prompts ?? true, own: toPrompts(written.prompts) },
  sources: Object.entries(written.sources)
    .filter(([name]) => !isApiUrl(outside.get(name)?.url))
    .map(([name, { description, tables, columns, identity, limits, cache }]) => ({
      name,
      url: outside.get(name)?.url ?? '',
      description,
      context: outside.get(name)?.context,
      tables,
      columns: columns ?? {},
      identity: identity ?? {},
      writableUrl: outside.get(name)?.writableUrl,
      limits: toLimits(limits),
      cache: toSourceCache(cache),
    })),
})
