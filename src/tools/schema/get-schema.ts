import { z } from 'zod'
import type { DeclaredSources } from '../served-source.ts'
import { defineSourceTool, readOnly, type Tool } from '../tool.ts'

export function getSchema(sources: DeclaredSources): Tool {
  return defineSourceTool(sources, {
    name: 'get_schema',
    title: 'Look up the schema',
    description:
      'Tells what can be queried. Without arguments: every table with columns, types, keys (pk), ' +
      'references (->table.column), row estimates, and notes on the data. With table_name: ' +
      'all about one table, with indexes and the values of columns that have few. ' +
      'With search: tables and columns by name. Example: {"table_name":"orders"}',
    input: z.strictObject({
      table_name: z.string().min(1).max(300).optional().describe('A table or view, as listed'),
      search: z.string().min(1).max(200).optional().describe('Words in names'),
    }),
    annotations: readOnly,
    async run({ table_name: table, search }, source, context) {
      const { answerSchema } = await import('./answer-schema.ts')
      return answerSchema(source, { table, search }, context)
    },
  })
}
