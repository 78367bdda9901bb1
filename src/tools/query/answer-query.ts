import { type TableAnswer, toAnswer } from '../../results/answer.ts'
import { explainEmpty } from '../explain/explain-empty.ts'
import { type Run, runStatement } from './run-statement.ts'
import type { ServedSource } from '../served-source.ts'
import type { Answer, CallContext } from '../tool.ts'

/** With less time left nothing is looked into. */
const shortestMs = 50

/** The rows of one statement, as a model reads them; where nothing was found, with a hint why. */
export async function answerQuery(
  served: ServedSource,
  run: Run,
  context: CallContext,
): Promise<Answer> {
  const deadline = performance.now() + served.limits.timeoutMs
  const answer = toAnswer(await runStatement(served, run, context))
  const timeoutMs = deadline - performance.now()
  if (!isNothing(answer) || timeoutMs < shortestMs) return { ...answer }
  const limits = { ...served.limits, timeoutMs }
  const hint = await explainEmpty({ ...served, limits }, run.text, context)
  return hint === undefined ? { ...answer } : { ...answer, hint }
}

/** No rows, or the one row of an aggregate over none: counts of 0, sums of null. */
const isNothing = ({ rows, row_count: count }: TableAnswer): boolean =>
  count === 0 || (count === 1 && rows[0]?.every((value) => value === null || value === 0) === true)
