import { toAnswer } from '../results/answer.ts'
import { type Run, runStatement } from './run-statement.ts'
import type { ServedSource } from './served-source.ts'
import type { Answer, CallContext } from './tool.ts'

/** The rows of one statement, as a model reads them. */
export const answerQuery = async (
  served: ServedSource,
  run: Run,
  context: CallContext,
): Promise<Answer> => ({ ...toAnswer(await runStatement(served, run, context)) })
