/** Sources that are HTTP APIs, with the tools that ask them. */
import { isWriting } from '../apis/method.ts'
import { loadSelections } from '../apis/select.ts'
import { loadJsonSchemas } from '../base/json-schema.ts'
import { didYouMean } from '../base/nearest.ts'
import type { DeclaredParameter } from '../tools/parameters.ts'
import { isApiUrl, toApiLimits } from './api-source.ts'
import { methodFlaw, toEndpoint, toParameters } from './api-tools.ts'
import type { ApiConfig, ApiToolConfig } from './config.ts'
import type { ConfigDocument } from './document.ts'
import type { Flaw, Path } from './flaw.ts'
import type { Mistake } from './mistake.ts'
import { OpenApiImport, toolNameOf } from './openapi.ts'
import type { Outside } from './outside.ts'
import type { ConfigFile } from './schema.ts'
import { builtInTools } from './tools.ts'
import type { WrittenTool } from './written-tool.ts'

export interface ReadApis {
  readonly apis: readonly ApiConfig[]
  readonly flaws: readonly Flaw[]
  /** In OpenAPI documents. */
  readonly mistakes: readonly Mistake[]
}

interface Place {
  readonly document: ConfigDocument
  readonly outside: ReadonlyMap<string, Outside>
}

type WrittenSource = ConfigFile['sources'][string]

/** Of a file that its schema has nothing against. */
export async function readApis(
  { sources, tools = {} }: ConfigFile,
  { document, outside }: Place,
): Promise<ReadApis> {
  const flaws: Flaw[] = []
  const mistakes: Mistake[] = []
  const taken = new Set([...builtInTools, ...Object.keys(tools)])
  const apis = Object.entries(sources)
    .filter(([name]) => isApiUrl(outside.get(name)?.url))
    .map(([name, source]): ApiConfig => {
      const own = Object.entries(tools).filter(([, tool]) => tool.source === name)
      const reading = new ApiReading({ name, source, document, found: outside.get(name) })
      const made = [...own.flatMap((one) => reading.declared(one)), ...reading.imported(taken)]
      flaws.push(...reading.flaws)
      mistakes.push(...reading.mistakes)
      return { ...reading.options(), tools: made }
    })
  const made = apis.flatMap((api) => api.tools)
  flaws.push(
    ...(await findSelectFlaws(made, document)),
    ...(await findParameterFlaws(made, document)),
  )
  return { apis, flaws, mistakes }
}

interface Reading {
  readonly name: string
  readonly source: WrittenSource
  readonly document: ConfigDocument
  readonly found: Outside | undefined
}

class ApiReading {
  readonly #reading: Reading
  readonly #openApi: OpenApiImport | undefined
  readonly #flaws: Flaw[] = []

  constructor(reading: Reading) {
    this.#reading = reading
    const { source, document, found } = reading
    const anyway = {
      headers: Object.keys(source.headers ?? {}).map((header) => header.toLowerCase()),
      query: Object.keys(source.query ?? {}),
    }
    this.#openApi = found?.openapi && new OpenApiImport(found.openapi, document, anyway)
  }

  get flaws(): readonly Flaw[] {
    return [...this.#flaws, ...(this.#openApi?.flaws ?? [])]
  }

  get mistakes(): readonly Mistake[] {
    return this.#openApi?.mistakes ?? []
  }

  /** A tool of the `tools` section. */
  declared([name, tool]: [string, WrittenTool]): ApiToolConfig[] {
    const base = {
      name,
      title: tool.title,
      description: tool.description,
      select: tool.select,
      rows: tool.rows,
      examples: tool.examples,
    }
    if (tool.operation === undefined)
      return [{ ...base, endpoint: toEndpoint(tool), parameters: toParameters(tool.parameters) }]
    const operation = this.#openApi?.operation(
      tool.operation,
      ['tools', name, 'operation'],
      (method) => methodFlaw(method, tool.effect),
    )
    if (operation === undefined) return []
    const { endpoint } = operation
    const parameters = this.#changed(name, operation.parameters, tool.parameters ?? {})
    return [{ ...base, endpoint, parameters }]
  }

  /** What the document says of parameters, and what the config says besides. */
  #changed(
    tool: string,
    imported: Readonly<Record<string, { schema: object; isOptional: boolean }>>,
    written: NonNullable<WrittenTool['parameters']>,
  ): Record<string, DeclaredParameter> {
    const names = Object.keys(imported)
    for (const name of Object.keys(written).filter((one) => !names.includes(one))) {
      const path = ['tools', tool, 'parameters', name]
      const hint = didYouMean(name, names) ?? `It has ${names.join(', ') || 'none'}.`
      this.#tell(path, `the operation has no parameter of that name. ${hint}`)
    }
    const own = toParameters(written)
    return Object.fromEntries(
      Object.entries(imported).map(([name, { schema, isOptional }]) => [
        name,
        {
          schema: { ...schema, ...own[name]?.schema },
          isOptional: own[name]?.isOptional === true || isOptional,
          claim: own[name]?.claim,
        },
      ]),
    )
  }

  /** Tools of the `operations` of the source. */
  imported(taken: Set<string>): ApiToolConfig[] {
    const { name: source, source: written } = this.#reading
    return (written.operations ?? []).flatMap((id, index) => {
      const at = ['sources', source, 'operations', index]
      const operation = this.#openApi?.operation(id, at, refuseWriting)
      if (operation === undefined) return []
      const name = toolNameOf(source, id)
      if (taken.has(name))
        this.#tell(
          at,
          `there is a tool ${name} already. In \`tools\`, with \`operation\`, it can have another name.`,
        )
      taken.add(name)
      const { title, description, endpoint, parameters } = operation
      const asked = this.#changed(name, parameters, {})
      return [
        {
          name,
          title,
          description,
          endpoint,
          parameters: asked,
          select: undefined,
          rows: undefined,
          isImported: true as const,
        },
      ]
    })
  }

  options(): Omit<ApiConfig, 'tools'> {
    const { name, source, found, document } = this.#reading
    const urlVariables = document.entryAt(['sources', name, 'url']).filled?.variables ?? []
    const { description, headers = {}, query = {}, hosts = [], limits } = source
    return {
      name,
      url: found?.url ?? '',
      shownUrl: toShownUrl(found?.url ?? '', urlVariables),
      description,
      context: found?.context,
      headers,
      query,
      secrets: [...this.#secrets('headers', headers), ...this.#secrets('query', query)],
      hosts,
      privateAddresses:
        source.private_addresses === true ? 'private' : (source.private_addresses ?? 'none'),
      limits: toApiLimits(limits),
    }
  }

  /** What comes out of a variable, or has a name that says so. */
  #secrets(key: 'headers' | 'query', values: Readonly<Record<string, string>>): string[] {
    const { name: source, document } = this.#reading
    return Object.entries(values)
      .filter(([name]) => {
        const { filled } = document.entryAt(['sources', source, key, name])
        return (
          (filled?.variables.length ?? 0) > 0 || /auth|cookie|key|token|secret|pass/i.test(name)
        )
      })
      .map(([, value]) => value)
  }

  #tell(path: Path, message: string): void {
    this.#flaws.push({ path, span: this.#reading.document.entryAt(path).key, message })
  }
}

/** Nothing is opened that changes something by being in a list: somebody writes it down as a tool. */
const refuseWriting = (method: string): string | undefined =>
  isWriting(method)
    ? `${method} may change something: it is served as one of \`tools\`, with \`operation\` and effect: write`
    : undefined

/** The URL for a person: what variables put into its path may be a key. */
function toShownUrl(url: string, variables: readonly string[]): string {
  if (variables.length === 0 || !URL.canParse(url)) return url
  const { origin, pathname } = new URL(url)
  return pathname === '/' ? origin : `${origin}/…`
}

async function findSelectFlaws(
  tools: readonly ApiToolConfig[],
  document: ConfigDocument,
): Promise<Flaw[]> {
  const selecting = tools.filter(({ select }) => select !== undefined)
  if (selecting.length === 0) return []
  const { flawOf } = await loadSelections()
  return selecting.flatMap(({ name, select = '' }) => {
    const path = ['tools', name, 'select']
    const flaw = flawOf(select)
    const message = `this is no JMESPath: ${flaw}.`
    return flaw === undefined ? [] : [{ path, span: document.entryAt(path).value, message }]
  })
}

/** Those that the config writes itself are looked at where it writes them; these are what became of a document's. */
async function findParameterFlaws(
  tools: readonly ApiToolConfig[],
  document: ConfigDocument,
): Promise<Flaw[]> {
  if (tools.every(({ parameters }) => Object.keys(parameters).length === 0)) return []
  const { flawOf } = await loadJsonSchemas()
  return tools.flatMap(({ name, parameters }) =>
    Object.entries(parameters).flatMap(([parameter, { schema }]) => {
      const flaw = flawOf(schema)
      if (flaw === undefined) return []
      const path = ['tools', name, 'parameters', parameter]
      const message = `the parameter ${parameter} of ${name} cannot be checked: ${flaw.message}.`
      return [{ path, span: document.entryAt(path).key, message }]
    }),
  )
}
