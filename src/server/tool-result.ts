import type { CallToolResult } from '@modelcontextprotocol/server'
import { type AppError, toErrorAnswer } from '../base/error.ts'
import type { Reply } from '../tools/call.ts'

/** The same complete JSON twice: some clients show a model only one of the two. */
export const toToolResult = ({ answer, text }: Reply): CallToolResult => ({
  content: [{ type: 'text', text }],
  structuredContent: answer,
})

/** A tool error, which the model reads and acts on. */
export function toToolError(error: AppError): CallToolResult {
  const answer = { ...toErrorAnswer(error) }
  return { ...toToolResult({ answer, text: JSON.stringify(answer) }), isError: true }
}
