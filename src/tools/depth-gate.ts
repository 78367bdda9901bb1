import { AppError } from '../base/error.ts'
import { deepest, isTooDeep } from '../base/depth.ts'
import type { Call, CallGate } from './call.ts'

/**
 * Keeps arguments that are nested without end from whoever would walk them, the record among these: the call goes
 * on without them, to be limited and put on record, and is refused where it would have run.
 */
export const depthGate: CallGate = (call, next) =>
  isTooDeep(call.arguments) ? next(withoutArguments(call)) : next(call)

function withoutArguments(call: Call): Call {
  const { effect: _, cached: __, ...tool } = call.tool
  return {
    ...call,
    arguments: undefined,
    tool: { ...tool, subject: () => ({}), run: () => Promise.reject(tooDeep(tool.name)) },
  }
}

const tooDeep = (tool: string): AppError =>
  new AppError(
    'invalid_input',
    `The arguments of ${tool} are nested deeper than ${deepest} levels.`,
    {
      hint: 'Give each argument as the input schema of the tool has it.',
    },
  )
