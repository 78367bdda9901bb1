import type { CallToolResult, InputRequiredResult } from '@modelcontextprotocol/server'
import { toAppError } from '../base/error.ts'
import type { Call, CallTool } from '../tools/call.ts'
import { missingTool } from '../tools/missing-tool.ts'
import { toToolError, toToolResult } from './tool-result.ts'
import type { Toolset } from './toolsets.ts'

export interface CallParts {
  /** What a call goes through. */
  readonly callTool: CallTool
  /** Called with what went wrong inside; the model is told nothing of it. */
  readonly onError: (error: unknown) => void
}

/** What a tool answers, or what it asks a person first. */
export type ToolResult = CallToolResult | InputRequiredResult

/** A call as a client asks for it, by name. */
export interface NamedCall extends Omit<Call, 'tool'> {
  readonly name: string
}

/**
 * Calls a tool of the actor's.
 *
 * @throws AppError `unknown_tool` where there is none of that name; everything else is told in the result.
 */
export async function answerCall(
  { callTool, onError }: CallParts,
  { tools }: Toolset,
  { name, ...call }: NamedCall,
): Promise<ToolResult> {
  const tool = tools.get(name) ?? missingTool(name, [...tools.keys()])
  try {
    const reply = await callTool({ ...call, tool })
    if (reply.question === undefined) return toToolResult(reply)
    const { toInputRequired } = await import('./ask-person.ts')
    return toInputRequired(reply.question)
  } catch (thrown) {
    onError(thrown)
    const error = toAppError(thrown)
    if (error.code === 'unknown_tool') throw error
    return toToolError(error)
  }
}
