import type { Call, CallTool, Decision } from '../call.ts'
import type { Answer } from '../tool.ts'

/**
 * A call by a program that can ask its person itself: made once more where it has to be confirmed.
 *
 * @param confirm asks; such a call is refused where undefined
 */
export async function callConfirmed(
  callTool: CallTool,
  call: Call,
  confirm: ((what: string) => Promise<Decision>) | undefined,
): Promise<Answer> {
  if (confirm === undefined) return (await callTool(call)).answer
  const { answer, question } = await callTool({ ...call, asking: {} })
  if (question === undefined) return answer
  const { text, state } = question
  const response = { state, decision: await confirm(text) }
  return (await callTool({ ...call, asking: { response } })).answer
}
