import { toAnswer } from '../results/answer.ts'
import { explainEmpty } from './explain-empty.ts'
import { type Run, runStatement } from './run-statement.ts'
import type { ServedSource } from './served-source.ts'
import type { Answer, CallContext } from './tool.ts'

/** The rows of one statement, as a model reads them; where there are none, with a hint why. */
export async function answerQuery(
  served: ServedSource,
  run: Run,
  context: CallContext,
): Promise<Answer> {
  const answer = toAnswer(await runStatement(served, run, context))
  if (answer.row_count > 0) return { ...answer }
  const hint = await explainEmpty(served, run.text, context)
  return hint === undefined ? { ...answer } : { ...answer, hint }
}
