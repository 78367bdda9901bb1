/** The `tools` section: questions that somebody has written down, which a model asks by name. */
import { z } from 'zod'
import {
  type JsonSchema,
  type JsonSchemas,
  keywords,
  loadJsonSchemas,
} from '../base/json-schema.ts'
import { didYouMean } from '../base/nearest.ts'
import { isApiUrl } from './api-source.ts'
import { checkApiTool, onlyForApis, toParameters, type WrittenApi } from './api-tools.ts'
import { aboutKey, type Context, eachKey, keyIssue, noSuchSource, regardless } from './checks.ts'
import type { ToolConfig } from './config.ts'
import type { ConfigDocument } from './document.ts'
import type { Flaw } from './flaw.ts'
import { toolSchema, type WrittenTool } from './written-tool.ts'

const toolNamePattern = /^[a-z][a-z0-9_]{0,62}$/
/** Tools that every server has, or may have. */
export const builtInTools: readonly string[] = [
  'query_database',
  'get_schema',
  'get_job_status',
  'cancel_job',
  'refresh_cache',
  // Granted and limited by these names, though they are no tools.
  'read_resource',
  'get_prompt',
]

export const toolsSchema = z
  .record(z.string(), toolSchema)
  .superRefine(
    eachKey(
      toolNamePattern,
      'a tool is named with up to 63 small letters, digits and _, a letter first.',
    ),
    regardless,
  )
  .superRefine(collideWithNone, regardless)

export type WrittenTools = z.output<typeof toolsSchema>

function collideWithNone(tools: unknown, context: Context): void {
  for (const name of Object.keys(Object(tools) as object)) {
    if (builtInTools.includes(name))
      keyIssue(context, [name], 'every server has a tool of that name; choose another one.')
  }
}

/** A tool of a source that is not there, or that its source cannot answer. */
export function askWhatIsThere(
  tools: WrittenTools | undefined,
  sources: Readonly<Record<string, WrittenApi & { readonly url: string }>>,
  context: Context,
): void {
  const names = Object.keys(sources)
  for (const [name, tool] of Object.entries(tools ?? {})) {
    const source = Object.hasOwn(sources, tool.source) ? sources[tool.source] : undefined
    if (source === undefined) {
      const message = noSuchSource(tool.source, names)
      context.addIssue({ code: 'custom', path: ['tools', name, 'source'], message })
    } else if (isApiUrl(source.url)) checkApiTool(name, tool, { api: source, context })
    else if (!source.url.includes('${')) checkSqlTool(name, tool, context)
  }
}

function checkSqlTool(name: string, tool: WrittenTool, context: Context): void {
  const tell = (path: string[], message: string, params = {}): void =>
    context.addIssue({ code: 'custom', path: ['tools', name, ...path], message, params })
  if (tool.sql === undefined) tell(['sql'], 'expected text')
  if (tool.cache !== undefined && Object.hasOwn(tool.parameters ?? {}, 'fresh'))
    tell(['parameters', 'fresh'], 'with cache a tool has an argument of that name.', aboutKey)
  const only = 'this is for APIs, and the source is a database.'
  for (const key of onlyForApis.filter((one) => tool[one] !== undefined))
    tell([key], only, aboutKey)
  for (const [parameter, written] of Object.entries(tool.parameters ?? {})) {
    for (const key of (['in', 'as'] as const).filter((one) => written[one] !== undefined))
      tell(['parameters', parameter, key], only, aboutKey)
  }
}

/** Those that ask databases. */
export const toTools = (written: WrittenTools = {}): ToolConfig[] =>
  Object.entries(written).flatMap(([name, { sql, ...tool }]) =>
    sql === undefined
      ? []
      : [
          {
            name,
            title: tool.title,
            description: tool.description,
            source: tool.source,
            sql,
            rows: tool.rows,
            cacheMs: tool.cache ?? 0,
            columns: tool.columns ?? {},
            change:
              tool.effect === 'write'
                ? { most: tool.affected ?? 1, wholeTable: tool.whole_table ?? false }
                : undefined,
            examples: tool.examples,
            parameters: toParameters(tool.parameters),
          },
        ],
  )

/** What is wrong with the schemas of parameters; the library that says it is loaded where there are any. */
export async function findSchemaFlaws(
  tools: WrittenTools = {},
  document: ConfigDocument,
): Promise<Flaw[]> {
  const declared = Object.entries(tools).flatMap(([name, { parameters }]) =>
    Object.entries(toParameters(parameters)).map(([parameter, { schema }]) => ({
      path: ['tools', name, 'parameters', parameter],
      schema,
    })),
  )
  if (declared.length === 0) return []
  const schemas = await loadJsonSchemas()
  return declared.flatMap(({ path, schema }) => flawsOf(schema, { path, document, schemas }))
}

function flawsOf(
  schema: JsonSchema,
  { path, document, schemas }: { path: string[]; document: ConfigDocument; schemas: JsonSchemas },
): Flaw[] {
  const flaw = schemas.flawOf(schema)
  if (flaw === undefined) {
    const mismatch = Object.hasOwn(schema, 'default') && schemas.compile(schema)(schema['default'])
    if (!mismatch) return []
    const where = [...path, 'default']
    const message = `expected ${mismatch.expected}.`
    return [{ path: where, span: document.entryAt(where).value, message }]
  }
  const { keyword } = flaw
  const where = [...path, ...(keyword === undefined ? flaw.path : [keyword])]
  const entry = document.entryAt(where)
  const hint = keyword === undefined ? undefined : didYouMean(keyword, keywords)
  const message = [`${flaw.message}.`, hint].filter((part) => part !== undefined).join(' ')
  return [{ path: where, span: keyword === undefined ? entry.value : entry.key, message }]
}
