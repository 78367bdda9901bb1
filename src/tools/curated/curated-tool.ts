import type { JsonSchemas } from '../../base/json-schema.ts'
import { Parameters } from '../parameters.ts'
import type { DeclaredSource } from '../served-source.ts'
import { toTitle } from '../title.ts'
import { readOnly, type Tool } from '../tool.ts'
import type { Question } from './question.ts'

/**
 * A question as a tool: its statement is the same in every call, and only values differ, which are bound.
 *
 * @param schemas loaded by the first call of any
 */
export function curatedTool(
  question: Question,
  source: DeclaredSource,
  schemas: () => Promise<JsonSchemas>,
): Tool {
  const { name, title, sql } = question
  const parameters = new Parameters(question.parameters, schemas)
  return {
    name,
    mayTakeLong: true,
    title: title ?? toTitle(name),
    description: describe(question),
    source: source.name,
    claims: Object.values(question.parameters).flatMap(({ claim }) => claim ?? []),
    inputSchema: parameters.inputSchema,
    annotations: readOnly,
    subject: () => ({ source: source.name, statement: sql }),
    async run(given, context) {
      const values = await parameters.read(given, { tool: name, actor: context.actor })
      const { answerQuestion } = await import('./answer-question.ts')
      return answerQuestion(await source.open(), { question, values }, context)
    },
  }
}

/** What it answers, and what the columns of its rows mean. */
function describe({ description, columns }: Question): string {
  const meanings = Object.entries(columns).map(([column, meaning]) => `${column}: ${meaning}`)
  if (meanings.length === 0) return description
  return `${description.trimEnd()} Columns: ${meanings.join('; ')}.`.replace(/\.\.$/, '.')
}
