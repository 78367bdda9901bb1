import { type CapHints, toAnswer } from '../../results/answer.ts'
import type { Values } from '../parameters.ts'
import { judgeAndRun } from '../query/run-statement.ts'
import type { ServedSource } from '../served-source.ts'
import type { Answer, CallContext } from '../tool.ts'
import { toCallersFailure } from './callers-failure.ts'
import { narrower } from './narrower.ts'
import type { Question } from './question.ts'
import { toBindings } from './to-bindings.ts'

/** The rows of a question for the values of a call. */
export async function answerQuestion(
  served: ServedSource,
  { question, values }: { readonly question: Question; readonly values: Values },
  context: CallContext,
): Promise<Answer> {
  const { sql: text, parameters, rows = served.limits.rows } = question
  const bindings = toBindings(parameters, values)
  try {
    const found = await judgeAndRun(served, { text, bindings, rows }, context)
    return { ...toAnswer(found, hintsFor(question)) }
  } catch (error) {
    throw toCallersFailure(error, question)
  }
}

/** What was left out, and what a caller who cannot change the statement does about it. */
const hintsFor = (question: Question): CapHints => ({
  rows: (rows) => `Only the first ${rows} rows were read. ${narrower(question)}`,
  bytes: (rows) => `The answer was full after ${rows} rows. ${narrower(question)}`,
  cell: () => 'Long values were cut to {"text" or "base64", "bytes": full length}.',
})
