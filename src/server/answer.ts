import { type CallToolResult, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server'
import { type AppError, toAppError, toErrorAnswer } from '../base/error.ts'
import type { Answer } from '../tools/tool.ts'

/** The same complete JSON twice: some clients show a model only one of the two. */
export const toToolResult = (answer: Answer): CallToolResult => ({
  content: [{ type: 'text', text: JSON.stringify(answer) }],
  structuredContent: answer,
})

/** A tool error, which the model reads and acts on. */
export const toToolError = (thrown: unknown): CallToolResult => ({
  ...toToolResult({ ...toErrorAnswer(toAppError(thrown)) }),
  isError: true,
})

/** For what is wrong with the request rather than with its arguments (MCP: tools, error handling). */
export const toProtocolError = ({ message, hint }: AppError): ProtocolError =>
  new ProtocolError(ProtocolErrorCode.InvalidParams, `${message} ${hint}`)
