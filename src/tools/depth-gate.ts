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
  const { name, title, description, inputSchema, annotations } = call.tool
  const run = (): Promise<never> => Promise.reject(tooDeep(name))
  const tool = { name, title, description, inputSchema, annotations, subject: () => ({}), run }
  return {
    ...call,
    arguments: undefined,
    tool: call.tool.isMissing === true ? { ...tool, isMissing: true } : tool,
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
