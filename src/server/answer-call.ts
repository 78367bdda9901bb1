import type { CallToolResult } from '@modelcontextprotocol/server'
import { AppError } from '../base/error.ts'
import { didYouMean } from '../base/nearest.ts'
import { shorten } from '../base/shorten.ts'
import type { Call, CallTool } from '../tools/call.ts'
import { toProtocolError, toToolError, toToolResult } from './answer.ts'
import type { Toolset } from './toolsets.ts'

export interface CallParts {
  /** What a call goes through. */
  readonly callTool: CallTool
  /** Called with what went wrong inside; the model is told nothing of it. */
  readonly onError: (error: unknown) => void
}

/** A call as a client asks for it, by name. */
export interface NamedCall extends Omit<Call, 'tool'> {
  readonly name: string
}

/**
 * Calls a tool of the actor's.
 *
 * @throws ProtocolError where there is none of that name; everything else is told in the result.
 */
export async function answerCall(
  { callTool, onError }: CallParts,
  { tools }: Toolset,
  { name, ...call }: NamedCall,
): Promise<CallToolResult> {
  const tool = tools.get(name)
  if (tool === undefined) throw toProtocolError(unknownTool(name, [...tools.keys()]))
  try {
    return toToolResult(await callTool({ ...call, tool }))
  } catch (error) {
    onError(error)
    return toToolError(error)
  }
}

function unknownTool(asked: string, names: readonly string[]): AppError {
  const name = shorten(asked, 100)
  return new AppError('unknown_tool', `There is no tool ${name}.`, {
    hint: `${didYouMean(name, names) ?? ''} Tools: ${names.join(', ')}.`.trim(),
  })
}
