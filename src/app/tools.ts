import { loadJsonSchemas } from '../base/json-schema.ts'
import { lazily } from '../base/lazily.ts'
import type { Config } from '../config/config.ts'
import { curatedTool } from '../tools/curated/curated-tool.ts'
import type { QuestionFlaw } from '../tools/curated/check-question.ts'
import type { DeclaredSource, DeclaredSources } from '../tools/served-source.ts'
import type { Tool } from '../tools/tool.ts'

/** What is wrong with tools of the config, by their names. */
export type BrokenTools = ReadonlyMap<string, readonly QuestionFlaw[]>

export function declareTools({ tools }: Config, sources: DeclaredSources): Tool[] {
  const schemas = lazily(loadJsonSchemas)
  return tools.map((question) => curatedTool(question, sourceOf(question, sources), schemas))
}

/** Each tool's statement is judged and prepared by its database; one that cannot be asked breaks none. */
export async function findBroken(
  { tools }: Config,
  sources: DeclaredSources,
  signal: AbortSignal,
): Promise<BrokenTools> {
  if (tools.length === 0) return new Map()
  const { checkQuestion } = await import('../tools/curated/check-question.ts')
  const checked = await Promise.all(
    tools.map(async (question) => {
      const served = await sourceOf(question, sources)
        .open()
        .catch(() => undefined)
      // One of its own: many listeners on one signal look like a leak.
      const own = AbortSignal.any([signal])
      const flaws = served === undefined ? [] : await checkQuestion(question, served, own)
      return [question.name, flaws] as const
    }),
  )
  return new Map(checked.filter(([, flaws]) => flaws.length > 0))
}

function sourceOf(
  { name, source }: Config['tools'][number],
  sources: DeclaredSources,
): DeclaredSource {
  const found = sources.get(source)
  if (found === undefined) throw new Error(`The tool ${name} has no source.`)
  return found
}
