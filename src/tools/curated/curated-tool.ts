import type { JsonSchemas } from '../../base/json-schema.ts'
import type { CachedCall } from '../cache/cached-call.ts'
import { Parameters } from '../parameters.ts'
import type { DeclaredSource } from '../served-source.ts'
import { toTitle } from '../title.ts'
import { type CallContext, readOnly, type Tool } from '../tool.ts'
import { takeFresh, withFresh } from './fresh.ts'
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
  const isCached = question.cacheMs > 0
  const read = async (given: unknown, { actor }: CallContext) => {
    const { fresh, rest } = isCached ? takeFresh(given) : { fresh: false, rest: given }
    return { isFresh: fresh, values: await parameters.read(rest, { tool: name, actor }) }
  }
  const cached = async (given: unknown, context: CallContext): Promise<CachedCall> => {
    const { isFresh, values } = await read(given, context)
    const isShared = source.caching?.isShared ?? false
    return { ttlMs: question.cacheMs, isShared, source, isFresh, arguments: values }
  }
  return {
    name,
    mayTakeLong: true,
    title: title ?? toTitle(name),
    description: describe(question),
    source: source.name,
    claims: Object.values(question.parameters).flatMap(({ claim }) => claim ?? []),
    inputSchema: isCached ? withFresh(parameters.inputSchema) : parameters.inputSchema,
    annotations: readOnly,
    subject: () => ({ source: source.name, statement: sql }),
    ...(isCached && { cached }),
    async run(given, context) {
      const { values } = await read(given, context)
      const { answerQuestion } = await import('./answer-question.ts')
      return answerQuestion(await source.open(), { question, values }, context)
    },
  }
}

/** What it answers, and what the columns of its rows mean. */
export function describe({ description, columns }: Question): string {
  const meanings = Object.entries(columns).map(([column, meaning]) => `${column}: ${meaning}`)
  if (meanings.length === 0) return description
  return `${description.trimEnd()} Columns: ${meanings.join('; ')}.`.replace(/\.\.$/, '.')
}
