import { counted } from '../../base/counted.ts'
import type { JsonSchemas } from '../../base/json-schema.ts'
import { refuseUnconfirmed } from '../confirm/unconfirmed.ts'
import { describe } from '../curated/curated-tool.ts'
import { Parameters } from '../parameters.ts'
import type { DeclaredSource } from '../served-source.ts'
import { toTitle } from '../title.ts'
import { type Tool, writing } from '../tool.ts'
import type { ChangeQuestion } from './change-question.ts'

/**
 * A statement that changes rows as a tool. It is the same in every call, its values are bound, and nothing of it
 * runs before it is confirmed. Never a job, and never kept.
 *
 * @param schemas loaded by the first call of any
 */
export function changeTool(
  question: ChangeQuestion,
  source: DeclaredSource,
  schemas: () => Promise<JsonSchemas>,
): Tool {
  const { name, title, sql, change } = question
  const parameters = new Parameters(question.parameters, schemas)
  return {
    name,
    title: title ?? toTitle(name),
    description: `${describe(question).trimEnd()} Changes at most ${counted(change.most, 'row')}, once a person has confirmed it.`,
    source: source.name,
    inputSchema: parameters.inputSchema,
    annotations: writing,
    subject: () => ({ source: source.name, statement: sql }),
    effect: {
      async prepare(given, { actor }) {
        const values = await parameters.read(given, { tool: name, actor })
        const { prepareChange } = await import('./prepare-change.ts')
        return prepareChange(source, { question, values, actor })
      },
    },
    run: refuseUnconfirmed,
  }
}
