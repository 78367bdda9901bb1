import type { App } from '../../app/app.ts'
import type { ApiToolConfig, Config, ToolConfig } from '../../config/config.ts'
import { builtInTools } from '../../config/tools.ts'
import type { Advice, AdvisedTool } from '../../docs/advice.ts'
import { adviseOn } from '../../docs/advice.ts'
import type { Tool } from '../../tools/tool.ts'
import { createTools } from '../../tools/tools.ts'

/** Whatever the descriptions of the tools leave to guess, of those that are not the server's own. */
export const adviseTools = (config: Config, app: App): Advice[] =>
  createTools(app)
    .filter(({ name }) => !builtInTools.includes(name))
    .flatMap((tool) => adviseOn(toAdvised(tool, config)))

/** As the config writes it. */
export type WrittenTool = ToolConfig | ApiToolConfig

export const writtenTool = (name: string, { tools, apis }: Config): WrittenTool | undefined =>
  [...tools, ...apis.flatMap((api) => api.tools)].find((one) => one.name === name)

function toAdvised({ name, description, source, inputSchema }: Tool, config: Config): AdvisedTool {
  const written = writtenTool(name, config)
  const shared = {
    name,
    inputSchema: withoutFresh(inputSchema),
    examples: written?.examples?.length ?? 0,
  }
  if (written === undefined) return { ...shared, description, path: ['modules'], isWritten: false }
  const isImported = 'isImported' in written
  return {
    ...shared,
    description: written.description,
    path: isImported ? ['sources', source ?? '', 'operations'] : ['tools', name],
    isWritten: !isImported,
    answer: answerOf(written),
  }
}

/** What changes rows answers with a count of them. */
const answerOf = (written: WrittenTool): AdvisedTool['answer'] =>
  'sql' in written && written.change === undefined
    ? { statement: written.sql, described: Object.keys(written.columns) }
    : undefined

/** Ours, and described. */
const withoutFresh = (schema: Tool['inputSchema']): Tool['inputSchema'] => {
  const { fresh: _, ...properties } = Object(schema['properties']) as Record<string, unknown>
  return { ...schema, properties }
}
