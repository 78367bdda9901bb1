/** The `resources` section: what can be read besides what is told of the sources. */
import { basename, dirname } from 'node:path'
import { stat } from 'node:fs/promises'
import { z } from 'zod'
import type { ResourceOptions } from '../resources/options.ts'
import { type Context, eachKey, noSuchSource, regardless, text } from './checks.ts'
import { sourceNamePattern } from './config.ts'
import type { ConfigDocument } from './document.ts'
import { toAbsolute } from './file-url.ts'
import type { Flaw } from './flaw.ts'
import { size } from './quantity.ts'

const defaultInclude = ['**/*.md', '**/*.txt', '**/*.csv', '**/*.json']
const defaultBytes = 1_000_000

/** As a template of URIs names it (RFC 6570). */
const keyPattern = /^[A-Za-z_]\w*$/

const keyName = z.string().regex(keyPattern, 'expected the name of a column: letters, digits and _')

const resourceSchema = z
  .strictObject({
    folder: text(4096)
      .meta({
        description: 'A folder, relative to this file. Nothing that lies elsewhere is read by it.',
        examples: ['./handbook'],
      })
      .optional(),
    file: text(4096)
      .meta({ description: 'One file, relative to this file.', examples: ['./terms.md'] })
      .optional(),
    include: z
      .array(text(500))
      .min(1, 'expected at least one pattern')
      .meta({
        description:
          'Which files of the folder: `*` stays within a name, `**` goes down folders. Hidden files never.',
        default: defaultInclude,
        examples: [['**/*.md', 'prices/*.csv']],
      })
      .optional(),
    size: size([1, 5_000_000], '1 byte to 5MB, such as 1MB')
      .meta({ description: 'The largest file that is given.', default: '1MB' })
      .optional(),
    table: text(500)
      .meta({ description: 'A table of `source` whose rows are resources.', examples: ['orders'] })
      .optional(),
    key: z
      .union([keyName, z.array(keyName).min(1).max(8)], {
        error: 'expected the name of a column, or a list of names: letters, digits and _',
      })
      .meta({
        description: 'The column that tells a row from all others, or several that do together.',
        examples: ['id'],
      })
      .optional(),
    tool: text(100)
      .meta({
        description:
          'A tool of this config whose answers are resources, by the arguments it needs.',
        examples: ['orders_of_month'],
      })
      .optional(),
    source: text(100)
      .meta({
        description:
          'The source of the table; of files, one that whoever reads them must have too.',
        examples: ['shop'],
      })
      .optional(),
    title: text(200)
      .meta({ description: 'What people read.', examples: ['The handbook'] })
      .optional(),
    description: text(1000)
      .meta({ description: 'What is in it, told to the model.', examples: ['How refunds work'] })
      .optional(),
  })
  .superRefine(isOneKind)

export const resourcesSchema = z
  .record(z.string(), resourceSchema)
  .superRefine(
    eachKey(
      sourceNamePattern,
      'a resource is named with up to 31 small letters, digits and _, a letter first.',
    ),
    regardless,
  )
  .meta({
    propertyNames: { pattern: sourceNamePattern.source },
    examples: [{ handbook: { folder: './handbook' } }],
  })

type WrittenResource = z.output<typeof resourceSchema>
export type WrittenResources = z.output<typeof resourcesSchema>

/** Which keys belong to which kind. */
const kinds = {
  folder: ['include', 'size', 'source'],
  file: ['size', 'source'],
  table: ['key', 'source'],
  tool: [],
} as const

function isOneKind(written: WrittenResource, context: Context): void {
  const named = (Object.keys(kinds) as (keyof typeof kinds)[]).filter(
    (kind) => written[kind] !== undefined,
  )
  const [kind] = named
  if (kind === undefined || named.length > 1)
    return context.addIssue({
      code: 'custom',
      message: 'expected one of folder, file, table and tool',
    })
  const own: readonly string[] = [...kinds[kind], kind, 'title', 'description']
  for (const key of Object.keys(written)) {
    if (!own.includes(key))
      context.addIssue({ code: 'custom', path: [key], message: `does not belong to a ${kind}` })
  }
  for (const key of ['key', 'source'] as const) {
    if (kind === 'table' && written[key] === undefined)
      context.addIssue({
        code: 'custom',
        path: [key],
        message: `expected ${key}: a table needs it`,
      })
  }
}

/** Words that a URI of a source has already. */
const taken = ['schema', 'notes']

/** Resources that name a source name one that is there, and none is called as one. */
export function nameResourceSources(
  resources: WrittenResources | undefined,
  sources: readonly string[],
  context: Context,
): void {
  for (const [name, { source, table }] of Object.entries(resources ?? {})) {
    const issue = (path: string[], message: string): void =>
      context.addIssue({ code: 'custom', path: ['resources', name, ...path], message })
    if (sources.includes(name)) issue([], 'expected another name: a source is called so')
    if (table !== undefined && taken.includes(name))
      issue([], 'expected another name: this is taken')
    if (source === undefined || sources.includes(source)) continue
    issue(['source'], noSuchSource(source, sources))
  }
}

/** A relative path is taken from `folder`. */
export const toResources = (
  written: WrittenResources | undefined,
  folder: string,
): readonly ResourceOptions[] =>
  Object.entries(written ?? {}).map(([name, resource]) => toOptions(name, resource, folder))

function toOptions(name: string, written: WrittenResource, folder: string): ResourceOptions {
  const { source, table, key = [], tool, title, description } = written
  const described = { name, title, description }
  if (tool !== undefined) return { ...described, kind: 'answers', tool }
  if (table !== undefined)
    return { ...described, kind: 'rows', source: source ?? '', table, key: [key].flat() }
  const path = toAbsolute(written.folder ?? written.file ?? '', folder)
  return {
    ...described,
    kind: 'files',
    folder: written.file === undefined ? path : dirname(path),
    file: written.file === undefined ? undefined : basename(path),
    include: written.include ?? defaultInclude,
    source,
    mostBytes: written.size ?? defaultBytes,
  }
}

/** What the config names and the disk does not have. */
export async function findFileFlaws(
  written: WrittenResources | undefined,
  document: ConfigDocument,
  folder: string,
): Promise<readonly Flaw[]> {
  const asked = Object.entries(written ?? {}).flatMap(([name, resource]) =>
    (['folder', 'file'] as const).flatMap((kind) => {
      const path = resource[kind]
      return path === undefined ? [] : [{ at: ['resources', name, kind], kind, path }]
    }),
  )
  const flaws = asked.map(async ({ at, kind, path }): Promise<Flaw[]> => {
    const found = await stat(toAbsolute(path, folder)).catch(() => undefined)
    const isRight = kind === 'folder' ? found?.isDirectory() : found?.isFile()
    if (isRight === true) return []
    return [{ path: at, span: document.entryAt(at).value, message: `there is no such ${kind}.` }]
  })
  return (await Promise.all(flaws)).flat()
}
