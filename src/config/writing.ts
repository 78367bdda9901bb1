/** What goes together of tools that write and sources that are written to. */
import type { Context } from './checks.ts'
import type { WrittenTools } from './tools.ts'

type Sources = Readonly<Record<string, { readonly writable?: unknown }>>

/** Nothing is written by a slip: the tool says so, and its source says so. */
export function writeWhatIsWritable(
  tools: WrittenTools = {},
  sources: Sources,
  context: Context,
): void {
  for (const [name, tool] of Object.entries(tools)) {
    const issue = (key: string, message: string, about: object = {}): void =>
      context.addIssue({ code: 'custom', path: ['tools', name, key], message, ...about })
    if (tool.effect === 'write') {
      if (tool.cache !== undefined)
        issue('cache', 'what changes rows is never kept.', { params: { about: 'key' } })
      const source = Object.hasOwn(sources, tool.source) ? sources[tool.source] : undefined
      if (source === undefined || source.writable !== undefined) continue
      issue('effect', `the source ${tool.source} is not writable: give it writable.url.`)
      continue
    }
    for (const key of ['affected', 'whole_table'] as const)
      if (tool[key] !== undefined)
        issue(key, 'goes with effect: write.', { params: { about: 'key' } })
  }
}
