/** The `tools` section: questions that somebody has written down, which a model asks by name. */
import { z } from 'zod'
import { type JsonSchema, keywords, loadJsonSchemas } from '../base/json-schema.ts'
import { didYouMean } from '../base/nearest.ts'
import { isApiUrl } from './api-source.ts'
import { checkApiTool, onlyForApis, toParameters, type WrittenApi } from './api-tools.ts'
import { aboutKey, type Context, eachKey, regardless, text } from './checks.ts'
import type { ToolConfig } from './config.ts'
import type { ConfigDocument } from './document.ts'
import type { Flaw } from './flaw.ts'
import { count, duration } from './quantity.ts'
import { examplesSchema } from './tool-examples.ts'

const toolNamePattern = /^[a-z][a-z0-9_]{0,62}$/
/** As `:name` in a statement. */
const parameterNamePattern = /^[a-z_][a-z0-9_]{0,62}$/i

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

const parameterSchema = z
  .looseObject({
    optional: z
      .boolean()
      .meta({ description: 'It may be left out: then it is its default, or NULL.' })
      .optional(),
    claim: text(100)
      .meta({
        description:
          'The claim of the caller that gives the value; a model neither gives nor sees it.',
        examples: ['tenant'],
      })
      .optional(),
    in: z
      .enum(['query', 'header', 'body'])
      .meta({
        description:
          'Where an API takes it, if not in the path: in the query, with POST, PUT and PATCH in the body, where nothing is said.',
      })
      .optional(),
    as: text(200)
      .meta({ description: 'What an API calls it, if otherwise.', examples: ['customer-id'] })
      .optional(),
  })
  .meta({
    description: 'JSON Schema of the value (2020-12), such as `type`, `enum`, `minimum`, `format`.',
    examples: [{ type: 'integer', minimum: 1 }],
  })

const toolSchema = z.strictObject({
  title: text(100).meta({ description: 'A name for people.' }).optional(),
  description: text(2000).meta({
    description: 'What it answers and when to use it, told to the model.',
    examples: ['Orders of one customer between two dates, newest first.'],
  }),
  source: text(100).meta({ description: 'The source that it asks.', examples: ['shop'] }),
  parameters: z
    .record(z.string(), parameterSchema)
    .superRefine(
      eachKey(
        parameterNamePattern,
        'a parameter is named with letters, digits and _, no digit first.',
      ),
      regardless,
    )
    .meta({
      description: 'What a model gives, by name; `:name` in the statement.',
      propertyNames: { pattern: parameterNamePattern.source },
      examples: [{ customer_id: { type: 'integer' } }],
    })
    .optional(),
  effect: z
    .enum(['read', 'write'])
    .meta({
      description:
        'What it does: `write` changes something in a source that is `writable`, and a person confirms each call.',
      default: 'read',
    })
    .optional(),
  affected: count([1, 10_000])
    .meta({
      description: 'Rows that one call may change; where it would be more, none does.',
      default: 1,
    })
    .optional(),
  whole_table: z
    .boolean()
    .meta({ description: 'Its UPDATE or DELETE may do without WHERE.', default: false })
    .optional(),
  sql: text(20_000)
    .meta({
      description:
        'One statement that reads, or with `effect: write` one INSERT, UPDATE or DELETE; values are bound as `:name`.',
      examples: ['select id, status from orders where customer_id = :customer_id'],
    })
    .optional(),
  request: text(2000)
    .meta({
      description: 'Of an API: method and path below its URL; `{name}` stands for a parameter.',
      examples: ['GET /invoices/{id}'],
    })
    .optional(),
  operation: text(500)
    .meta({
      description: "Of an API: an operation of its source's `openapi`, instead of `request`.",
      examples: ['getInvoice'],
    })
    .optional(),
  select: text(5000)
    .meta({
      description: "JMESPath: what of an API's response the answer holds.",
      examples: ['{id: id, total: total_cents, lines: lines[].text}'],
    })
    .optional(),
  cache: duration([0, 86_400_000], '0s to 24h, such as 5m')
    .meta({
      description:
        'How long an answer is given again to the same arguments; never where it is left out.',
    })
    .optional(),
  columns: z
    .record(z.string(), text(500))
    .meta({
      description: 'What columns of the answer mean, told to the model.',
      examples: [{ total_cents: 'Total with tax, in cents' }],
    })
    .optional(),
  rows: count([1, 500])
    .meta({ description: 'The most rows of an answer; the limit of the source holds as well.' })
    .optional(),
  examples: examplesSchema.optional(),
})

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
export type WrittenTool = WrittenTools[string]
export type WrittenParameter = NonNullable<WrittenTool['parameters']>[string]

function collideWithNone(tools: unknown, context: Context): void {
  for (const name of Object.keys(Object(tools) as object)) {
    if (!builtInTools.includes(name)) continue
    const message = 'every server has a tool of that name; choose another one.'
    context.addIssue({ code: 'custom', path: [name], message, params: { about: 'key' } })
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
      const message = ['expected the name of a source', didYouMean(tool.source, names)]
        .filter((part) => part !== undefined)
        .join('. ')
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
  {
    path,
    document,
    schemas,
  }: {
    path: string[]
    document: ConfigDocument
    schemas: Awaited<ReturnType<typeof loadJsonSchemas>>
  },
): Flaw[] {
  const flaw = schemas.flawOf(schema)
  if (flaw === undefined) {
    const mismatch = Object.hasOwn(schema, 'default') && schemas.compile(schema)(schema['default'])
    if (!mismatch) return []
    const where = [...path, 'default']
    return [
      {
        path: where,
        span: document.entryAt(where).value,
        message: `expected ${mismatch.expected}.`,
      },
    ]
  }
  const { keyword } = flaw
  const where = [...path, ...(keyword === undefined ? flaw.path : [keyword])]
  const entry = document.entryAt(where)
  const hint = keyword === undefined ? undefined : didYouMean(keyword, keywords)
  const message = [`${flaw.message}.`, hint].filter((part) => part !== undefined).join(' ')
  return [{ path: where, span: keyword === undefined ? entry.value : entry.key, message }]
}
