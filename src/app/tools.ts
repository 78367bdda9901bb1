import { loadJsonSchemas } from '../base/json-schema.ts'
import { lazily } from '../base/lazily.ts'
import type { Config, ToolConfig } from '../config/config.ts'
import { curatedTool } from '../tools/curated/curated-tool.ts'
import type { QuestionFlaw } from '../tools/curated/check-question.ts'
import type { DeclaredSource, DeclaredSources } from '../tools/served-source.ts'
import { changeTool } from '../tools/writing/change-tool.ts'
import type { Tool } from '../tools/tool.ts'

/** What is wrong with tools of the config, by their names. */
export type BrokenTools = ReadonlyMap<string, readonly QuestionFlaw[]>

export function declareTools({ tools }: Config, sources: DeclaredSources): Tool[] {
  const schemas = lazily(loadJsonSchemas)
  return tools.map(({ change, ...question }) => {
    const source = sourceOf(question, sources)
    if (change === undefined) return curatedTool(question, source, schemas)
    return changeTool({ ...question, change }, source, schemas)
  })
}

/** Each tool's statement is judged and prepared by its database; one that cannot be asked breaks none. */
export async function findBroken(
  { tools }: Config,
  sources: DeclaredSources,
  signal: AbortSignal,
): Promise<BrokenTools> {
  if (tools.length === 0) return new Map()
  const [{ checkQuestion }, { checkChange }] = await Promise.all([
    import('../tools/curated/check-question.ts'),
    import('../tools/writing/check-change.ts'),
  ])
  const checked = await Promise.all(
    tools.map(async (question) => {
      const source = sourceOf(question, sources)
      const { change } = question
      const served = await source.open().catch(() => undefined)
      if (served === undefined) return [question.name, []] as const
      // One of its own: many listeners on one signal look like a leak.
      const own = AbortSignal.any([signal])
      const flaws =
        change === undefined
          ? await checkQuestion(question, served, own)
          : await checkChange({ ...question, change }, source, own)
      return [question.name, flaws] as const
    }),
  )
  return new Map(checked.filter(([, flaws]) => flaws.length > 0))
}

function sourceOf(
  { name, source }: Pick<ToolConfig, 'name' | 'source'>,
  sources: DeclaredSources,
): DeclaredSource {
  const found = sources.get(source)
  if (found === undefined) throw new Error(`The tool ${name} has no source.`)
  return found
}
