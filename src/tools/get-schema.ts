import { z } from 'zod'
import type { DeclaredSources } from './served-source.ts'
import { defineSourceTool, readOnly, type Tool } from './tool.ts'

export function getSchema(sources: DeclaredSources): Tool {
  return defineSourceTool(sources, {
    name: 'get_schema',
    title: 'Look up tables and columns',
    description:
      'Tells what can be queried. Without arguments: every table with columns, types, keys (pk), ' +
      'references (->table.column), row estimates, and notes on what the data means. With ' +
      'table_name: everything about one table, with indexes and the values that columns of few ' +
      'values hold. With search: the tables and columns whose names match. Call it before the ' +
      'first query and whenever a name is uncertain. Example: {"table_name":"orders"}',
    input: z.strictObject({
      table_name: z
        .string()
        .min(1)
        .max(300)
        .optional()
        .describe('One table or view, exactly as listed'),
      search: z.string().min(1).max(200).optional().describe('Words to look for in names'),
    }),
    annotations: readOnly,
    async run({ table_name: table, search }, source, context) {
      const { answerSchema } = await import('./answer-schema.ts')
      return answerSchema(source, { table, search }, context)
    },
  })
}
