import { checkParameters, flawsIn, type QuestionFlaw } from '../curated/check-question.ts'
import { toEmptyBindings } from '../curated/to-bindings.ts'
import type { DeclaredSource } from '../served-source.ts'
import type { ChangeQuestion } from './change-question.ts'

/**
 * What is wrong with a statement that changes rows: its parameters, a slip that the guard sees, or what the
 * database says that prepares it and does not run it.
 */
export async function checkChange(
  question: ChangeQuestion,
  source: DeclaredSource,
  signal: AbortSignal,
): Promise<readonly QuestionFlaw[]> {
  const { sql, parameters } = question
  const { wholeTable } = question.change
  const { guard } = await source.open()
  const flaws = checkParameters(question, guard.placeholders(sql))
  if (flaws.length > 0) return flaws
  try {
    const change = guard.judgeChange(sql, { bindings: toEmptyBindings(parameters), wholeTable })
    const writer = await source.writable?.open()
    await writer?.prepare(change, signal)
    return []
  } catch (thrown) {
    return flawsIn(thrown, sql)
  }
}
