/** All that a config serves, as the pages tell it. */
import type { App } from '../../app/app.ts'
import { narrow } from '../../base/actor.ts'
import { version } from '../../base/version.ts'
import type { Config } from '../../config/config.ts'
import type {
  Effect,
  NamedDescription,
  ServerDescription,
  SourceDescription,
  ToolDescription,
} from '../../docs/description.ts'
import { openPrompts } from '../../prompts/open-prompts.ts'
import { listing, listTemplates, variablesOf } from '../../resources/questions.ts'
import type { ListedResource } from '../../resources/provider.ts'
import { dialectTitles } from '../../sources/source.ts'
import { toListedTool } from '../../tools/listed-tool.ts'
import { tokensOf } from '../../tools/tokens.ts'
import type { Tool } from '../../tools/tool.ts'
import { createTools } from '../../tools/tools.ts'
import { writtenTool } from './advised-tools.ts'
import { type Callers, toolsOf } from './callers.ts'
import { ofApi, ofCaller, ofSource, ofTool } from './limit-facts.ts'
import type { Examples } from './run-examples.ts'

export interface Described {
  readonly config: Config
  readonly app: App
  readonly examples: Examples
  readonly callers: Callers['callers']
  /** How a person names the config, without a password. */
  readonly target: string
  /** Resources that are looked up are told as well, and not only their templates. */
  readonly isLookedUp: boolean
  readonly signal: AbortSignal
}

export async function describeServer(described: Described): Promise<ServerDescription> {
  const { config, app, callers, target } = described
  const url = urlOf(config)
  const groups = [...app.groups].map(([name, grant]) => ({
    name,
    url: `${url}/${name}`,
    tools: toolsOf(narrow(app.localActor, grant), app),
  }))
  return {
    name: config.name,
    version,
    day: new Date().toISOString().slice(0, 10),
    target,
    url,
    needsToken: config.http.auth !== undefined,
    tools: describeTools(described, groups),
    tokens: tokensOf(createTools(app)),
    sources: describeSources(config, app),
    callers,
    groups,
    limits: ofCaller(config),
    resources: await describeResources(described),
    prompts: await describePrompts(app),
  }
}

/** As clients type it; an address that is every one of this machine is nobody's in particular. */
function urlOf({ http: { url, listen } }: Config): string {
  if (url !== undefined) return url
  return `http://${listen.replace(/^(?:0\.0\.0\.0|\[::\])?(?=:)/, 'localhost')}/mcp`
}

function describeTools(
  { config, app, examples, callers }: Described,
  groups: ServerDescription['groups'],
): ToolDescription[] {
  return createTools(app).map((tool) => {
    const { description, ...listed } = toListedTool(tool)
    const { name } = tool
    const written = writtenTool(name, config)
    return {
      ...listed,
      purpose: written?.description ?? description,
      effect: effectOf(tool),
      sources: sourcesOf(tool, app),
      claims: [
        ...(tool.claims ?? []),
        ...Object.values(written?.parameters ?? {}).flatMap(({ claim }) => claim ?? []),
      ],
      columns: written !== undefined && 'columns' in written ? written.columns : {},
      limits: ofTool(name, written, config),
      callers: callers.filter(({ tools }) => tools.includes(name)).map((one) => one.name),
      groups: groups.filter(({ tools }) => tools.includes(name)).map((one) => one.name),
      tokens: tokensOf([tool]),
      examples: examples.get(name) ?? [],
    }
  })
}

/** Two of the server's own tell the truth of themselves: they change something, though no data. */
function effectOf({ effect, annotations }: Tool): Effect {
  if (effect !== undefined) return 'writes'
  return annotations.readOnlyHint ? 'reads' : 'keeps'
}

const sourcesOf = ({ name, source }: Tool, { sources }: App): string[] => {
  if (source !== undefined) return [source]
  return overAll.includes(name) ? [...sources.keys()] : []
}

const overAll = ['query_database', 'get_schema', 'refresh_cache']

const describeSources = (config: Config, { sources }: App): SourceDescription[] => [
  ...config.sources.map((source) => ({
    name: source.name,
    engine: dialectTitles[sources.get(source.name)?.dialect ?? 'sqlite'],
    description: source.description,
    limits: ofSource(source, config.jobs.store !== undefined),
  })),
  ...config.apis.map((api) => ({
    name: api.name,
    engine: 'An HTTP API',
    description: api.description,
    limits: ofApi(api),
  })),
]

async function describeResources({
  app,
  isLookedUp,
  signal,
}: Described): Promise<NamedDescription[]> {
  const templates = await listTemplates(app.resources)
  const listed = isLookedUp ? await listResources(app, signal) : []
  return [
    ...listed.map(({ uri, title, description }) => ({
      name: uri,
      description: description ?? title,
      arguments: [],
    })),
    ...templates.map(({ uriTemplate, title, description }) => ({
      name: uriTemplate,
      description: description ?? title,
      arguments: variablesOf(uriTemplate),
    })),
  ]
}

/** The first page of them, as a client would list it. */
async function listResources(app: App, signal: AbortSignal): Promise<readonly ListedResource[]> {
  const { answer } = await app.callTool({
    tool: listing(app.resources, undefined),
    arguments: {},
    context: { signal, actor: app.localActor },
    origin: { transport: 'terminal' },
  })
  return answer['resources'] as readonly ListedResource[]
}

async function describePrompts({ localActor, prompts, sources }: App): Promise<NamedDescription[]> {
  const open = await openPrompts(localActor, prompts, sources)
  return open.prompts.map(({ name, title, description, arguments: asked }) => ({
    name,
    description: description ?? title,
    arguments: asked.map((one) => (one.required ? one.name : `${one.name}?`)),
  }))
}
