/** What goes together of tools that write and sources that are written to. */
import { z } from 'zod'
import { isApiUrl } from './api-source.ts'
import { aboutKey, type Context, text } from './checks.ts'
import type { WrittenTools } from './tools.ts'

/** Of an API, and of a database. */
export const writableSchema = z.union(
  [
    z.literal(true),
    z.strictObject({
      url: text(4096).meta({
        description:
          'The same database by a role that may write; used by tools with `effect: write` alone.',
        examples: ['postgres://writer@db.example/shop?sslmode=verify-full', 'sqlite:./shop.db'],
      }),
    }),
  ],
  { error: 'expected { url: … } of a database, or true of an API' },
)

type Sources = Readonly<Record<string, { readonly url: string; readonly writable?: unknown }>>

/** Nothing is written by a slip: the tool says so, and its source says so. */
export function writeWhatIsWritable(
  tools: WrittenTools = {},
  sources: Sources,
  context: Context,
): void {
  for (const [name, tool] of Object.entries(tools)) {
    const issue = (key: string, message: string, about: object = {}): void =>
      context.addIssue({ code: 'custom', path: ['tools', name, key], message, ...about })
    const source = Object.hasOwn(sources, tool.source) ? sources[tool.source] : undefined
    const isApi = isApiUrl(source?.url)
    if (tool.effect === 'write') {
      // A call brings it back where no person can be asked.
      if (Object.hasOwn(tool.parameters ?? {}, 'confirm_token'))
        context.addIssue({
          code: 'custom',
          path: ['tools', name, 'parameters', 'confirm_token'],
          message: 'a tool that writes has an argument of that name; choose another one.',
          params: aboutKey,
        })
      if (isApi) {
        if (source?.writable === undefined)
          issue('effect', `the source ${tool.source} is not writable: give it writable: true`)
        continue
      }
      if (tool.cache !== undefined)
        issue('cache', 'what changes rows is never kept.', { params: aboutKey })
      if (source === undefined || source.writable !== undefined) continue
      issue('effect', `the source ${tool.source} is not writable: give it writable.url.`)
      continue
    }
    if (isApi) continue
    for (const key of ['affected', 'whole_table'] as const)
      if (tool[key] !== undefined) issue(key, 'goes with effect: write.', { params: aboutKey })
  }
}
