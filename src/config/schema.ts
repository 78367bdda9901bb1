/** What `vitrine.yaml` may say. Each description is read in schema.json and docs/configuration.md too. */
import { z } from 'zod'
import { lazily } from '../base/lazily.ts'
import { apiKeys, suitsItsKind } from './api-source.ts'
import { auditSchema } from './audit.ts'
import { grantsOf } from './auth.ts'
import { cacheSchema, sourceCacheSchema } from './cache.ts'
import { callLimitsSchema } from './call-limits.ts'
import { type Context, eachKey, noSuchSource, regardless, text } from './checks.ts'
import { confirmSchema } from './confirm.ts'
import { defaultName, sourceNamePattern } from './config.ts'
import { groupsSchema } from './groups.ts'
import { httpSchema } from './http.ts'
import { jobsSchema } from './jobs.ts'
import { limitsSchema } from './limits.ts'
import { askWhatIsThere, toolsSchema } from './tools.ts'
import { namePromptSources, promptsSchema } from './prompts.ts'
import { nameResourceSources, resourcesSchema } from './resources.ts'
import { writableSchema, writeWhatIsWritable } from './writing.ts'

const columnPattern = /[^.]\.[^.]/

/** PostgreSQL takes settings of two parts for those of applications (manual: customized options). */
const settingPattern = /^[a-z_]\w*\.[a-z_]\w*$/i

const databaseOrApiSchema = z.strictObject({
  url: text(4096).meta({
    description:
      'The database: `sqlite:` or `duckdb:` and a path, relative to this file; `duckdb:` takes a folder of CSV, JSON and Parquet too; or `postgres://user@host/database`, or `mysql://user:password@host/database` for MySQL and MariaDB. Or an HTTP API: `https://host/path`.',
    examples: [
      'sqlite:./shop.db',
      'duckdb:./exports/',
      'postgres://reader@db.example/shop?sslmode=verify-full',
      'mysql://reader:${SHOP_PASSWORD}@db.example/shop?ssl-mode=verify-full',
      'https://billing.example/api/v2',
    ],
  }),
  description: text(1000)
    .meta({
      description: 'What is in it, told to the model in a sentence or two.',
      examples: ['Orders, customers and products of the web shop'],
    })
    .optional(),
  context: text(4096)
    .meta({
      description:
        'A Markdown file with notes for the model, relative to this file; at most 16 KiB.',
      examples: ['./shop.md'],
    })
    .optional(),
  tables: z
    .array(text(500).meta({ examples: ['orders'] }))
    .min(1, 'expected at least one table; all are open where the key is left out')
    .meta({
      description: 'The tables and views that are open; nothing else is visible.',
      examples: [['customers', 'orders']],
    })
    .optional(),
  columns: z
    .record(z.string(), z.enum(['mask', 'hide']))
    .superRefine(
      eachKey(columnPattern, 'a column is written table.column, such as customers.email.'),
      regardless,
    )
    .meta({
      description: 'Closed columns: `mask` shows the column with NULLs, `hide` leaves it out.',
      propertyNames: { pattern: columnPattern.source },
      examples: [{ 'customers.email': 'mask' }],
    })
    .optional(),
  identity: z
    .record(z.string(), text(100))
    .superRefine(
      eachKey(settingPattern, 'a setting has a name of two parts, such as app.user.'),
      regardless,
    )
    .meta({
      description:
        'Settings of the session → names of claims, for row-level security (PostgreSQL); set for each statement.',
      propertyNames: { pattern: settingPattern.source },
      examples: [{ 'app.user': 'sub' }],
    })
    .optional(),
  limits: limitsSchema
    .meta({ description: 'What one statement, or one request to an API, may cost.' })
    .optional(),
  cache: sourceCacheSchema
    .meta({ description: 'What is held of it in memory, and for how long.' })
    .optional(),
  writable: writableSchema
    .meta({
      description:
        'Lets tools with `effect: write` change something in it, each call confirmed by a person: `true` for an API, the URL of another role for a database.',
      examples: [{ url: 'postgres://writer@db.example/shop?sslmode=verify-full' }, true],
    })
    .optional(),
  ...apiKeys,
})

const sourceSchema = databaseOrApiSchema.superRefine(suitsItsKind, regardless)

const keysSchema = z.strictObject({
  name: text(64)
    .meta({
      description: 'How the server calls itself to clients.',
      default: defaultName,
      examples: ['shop-data'],
    })
    .optional(),
  claims: z
    .record(z.string(), text(1000))
    .meta({
      description: 'What is known of whoever asks over stdio or from a terminal.',
      examples: [{ sub: 'ana' }],
    })
    .optional(),
  sources: z
    .record(z.string(), sourceSchema)
    .superRefine(
      eachKey(
        sourceNamePattern,
        'a source is named with up to 31 small letters, digits and _, a letter first.',
      ),
      regardless,
    )
    .refine((sources) => Object.keys(sources).length > 0, 'expected at least one source')
    .meta({
      description: 'The databases and APIs, each under the name a model calls it by.',
      propertyNames: { pattern: sourceNamePattern.source },
      minProperties: 1,
      examples: [{ shop: { url: 'sqlite:./shop.db' } }],
    }),
  tools: toolsSchema
    .meta({ description: 'Questions that a model asks by name, each a tool of its own.' })
    .optional(),
  modules: z
    .array(text(4096))
    .meta({
      description:
        'JavaScript files that export tools of your own, relative to this file; they are run.',
      examples: [['./tools/convert.js']],
    })
    .optional(),
  groups: groupsSchema
    .meta({
      description: 'Parts of the tools, each served at /mcp/<name> and by `vitrine serve --group`.',
      propertyNames: { pattern: '^[a-z][a-z0-9_-]{0,62}$' },
      examples: [{ support: { tools: ['orders_of_customer'] } }],
    })
    .optional(),
  resources: resourcesSchema
    .meta({ description: 'What can be read besides what is told of the sources.' })
    .optional(),
  prompts: promptsSchema
    .meta({ description: 'What people find as commands in their client.' })
    .optional(),
  default_prompts: z
    .boolean()
    .meta({ description: 'Whether the prompts that ship are there as well.', default: true })
    .optional(),
  http: httpSchema
    .meta({ description: 'How it is served over HTTP: `vitrine serve --http`.' })
    .optional(),
  limits: callLimitsSchema
    .meta({ description: 'How much of the server one caller may use.' })
    .optional(),
  audit: auditSchema
    .meta({ description: 'The record of every call, a line of JSON each.' })
    .optional(),
  confirm: confirmSchema
    .meta({ description: 'How calls that change something are confirmed.' })
    .optional(),
  jobs: jobsSchema
    .meta({ description: 'Questions that outlast their call, and where they are kept.' })
    .optional(),
  cache: cacheSchema
    .meta({ description: 'What is held in memory, and who is told when it is wrong.' })
    .optional(),
})

export const configSchema = keysSchema
  .superRefine(opensWhatIsThere)
  .superRefine(({ tools, sources }, context) => askWhatIsThere(tools, sources, context))
  .superRefine(({ resources, prompts, sources }, context) => {
    nameResourceSources(resources, Object.keys(sources), context)
    namePromptSources(prompts, Object.keys(sources), context)
  })
  .superRefine(({ tools, sources }, context) => writeWhatIsWritable(tools, sources, context))

export type ConfigFile = z.output<typeof configSchema>

/** A name without a source opens nothing; it is a slip all the same. */
function opensWhatIsThere(
  { sources, http, groups = {} }: z.output<typeof keysSchema>,
  context: Context,
): void {
  const grants = [
    ...(http?.auth === undefined
      ? []
      : grantsOf(http.auth).map(([path, grant]) => [['http', 'auth', ...path], grant] as const)),
    ...Object.entries(groups).map(
      ([name, { sources: open = 'all' }]) => [['groups', name], { sources: open }] as const,
    ),
  ]
  for (const [path, grant] of grants) {
    for (const [index, name] of (grant.sources === 'all' ? [] : grant.sources).entries()) {
      if (Object.hasOwn(sources, name)) continue
      context.addIssue({
        code: 'custom',
        path: [...path, 'sources', index],
        message: noSuchSource(name, Object.keys(sources)),
      })
    }
  }
}

/** What of JSON Schema is written here. */
export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | false
  readonly items?: JsonSchema
  readonly description?: string
  readonly examples?: readonly unknown[]
  readonly default?: unknown
}

/** The schema for editors, as schema.json holds it. */
export const toJsonSchema = lazily((): JsonSchema => {
  const { $schema, ...schema } = z.toJSONSchema(configSchema, { io: 'input' })
  return { $schema, $id: 'urn:vitrine:config', title: 'vitrine.yaml', ...schema } as JsonSchema
})
