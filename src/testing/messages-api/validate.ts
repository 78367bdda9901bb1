import type { Block } from '../../agent/messages.ts'
import type { RequestBody } from './script.ts'

/** What the API would refuse the request for; undefined where it would take it. */
export function flawOf(body: RequestBody): string | undefined {
  return flawOfTop(body) ?? flawOfTools(body.tools ?? []) ?? flawOfMessages(body.messages ?? [])
}

/** Gone from the API with its version 2026-10-21. */
const gone = ['temperature', 'top_p', 'top_k']

function flawOfTop(body: RequestBody): string | undefined {
  if (typeof body.model !== 'string' || body.model === '') return 'model: Field required'
  if (!Number.isInteger(body.max_tokens) || (body.max_tokens ?? 0) < 1) {
    return 'max_tokens: must be a whole number of at least 1'
  }
  const sampling = gone.find((key) => key in body)
  if (sampling !== undefined) return `${sampling}: Extra inputs are not permitted`
  if ('thread' in body) return 'thread: Extra inputs are not permitted'
  const choice = (body['tool_choice'] as { type?: string } | undefined)?.type
  if (choice === 'any' || choice === 'tool') return 'tool_choice: a forced call is not supported'
  if (choice !== undefined && body.tools === undefined) return 'tool_choice: needs tools'
}

function flawOfTools(tools: readonly Record<string, unknown>[]): string | undefined {
  const names = tools.map(({ name }) => JSON.stringify(name))
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) return `tools: Tool names must be unique: ${twice}`
  for (const [index, tool] of tools.entries()) {
    const flaw = flawOfTool(tool)
    if (flaw !== undefined) return `tools.${index}.${flaw}`
  }
}

function flawOfTool(tool: Record<string, unknown>): string | undefined {
  if (!/^[a-zA-Z0-9_-]{1,128}$/.test(String(tool['name'])))
    return 'name: wrong characters or length'
  const schema = tool['input_schema'] as Record<string, unknown> | undefined
  if (schema?.['type'] !== 'object') return 'input_schema.type: Input should be "object"'
  const choice = ['anyOf', 'oneOf', 'allOf'].find((key) => key in schema)
  if (choice !== undefined) return `input_schema: ${choice} is not supported at the top level`
  const properties = Object.keys(schema['properties'] ?? {})
  const odd = properties.find((key) => !/^[a-zA-Z0-9_.-]{1,64}$/.test(key))
  if (odd !== undefined) return `input_schema.properties: wrong characters in ${odd}`
}

type RequestMessage = NonNullable<RequestBody['messages']>[number]

function flawOfMessages(messages: readonly RequestMessage[]): string | undefined {
  if (messages.length === 0) return 'messages: at least one message is required'
  if (messages[0]?.role !== 'user') return 'messages: first message must use the "user" role'
  for (const [index, message] of messages.entries()) {
    const flaw = flawOfMessage(message) ?? flawOfPair(message, messages[index + 1])
    if (flaw !== undefined) return `messages.${index}: ${flaw}`
  }
  return flawOfFirstResults(messages[0])
}

function flawOfMessage({ role, content }: RequestMessage): string | undefined {
  if (role !== 'user' && role !== 'assistant') return 'role: must be user or assistant'
  if (content.length === 0) return 'content: must not be empty'
  if (typeof content === 'string') return undefined
  if (content.some((block) => block.type === 'text' && block['text'] === '')) {
    return 'text content blocks must be non-empty'
  }
  // A result stands before any text of the same message.
  const lastResult = content.findLastIndex(({ type }) => type === 'tool_result')
  if (content.slice(0, Math.max(0, lastResult)).some(({ type }) => type !== 'tool_result')) {
    return 'tool_result blocks must come first'
  }
}

/** Every call is answered in the next message, and nothing else is. */
function flawOfPair(message: RequestMessage, next: RequestMessage | undefined): string | undefined {
  const calls = message.role === 'assistant' ? idsOf(message, 'tool_use', 'id') : []
  if (next === undefined) {
    return calls.length > 0 ? 'tool_use without a tool_result after it' : undefined
  }
  const answered = next.role === 'user' ? idsOf(next, 'tool_result', 'tool_use_id') : []
  const open = calls.find((id) => !answered.includes(id))
  if (open !== undefined) return `tool_use ${open} without a tool_result after it`
  const stray = answered.find((id) => !calls.includes(id))
  if (stray !== undefined) return `tool_result ${stray} without a tool_use before it`
  if (new Set(answered).size !== answered.length) return 'more than one tool_result for a tool_use'
}

const flawOfFirstResults = (first: RequestMessage | undefined): string | undefined =>
  first !== undefined && idsOf(first, 'tool_result', 'tool_use_id').length > 0
    ? 'messages.0: tool_result without a tool_use before it'
    : undefined

const idsOf = ({ content }: RequestMessage, type: string, key: string): string[] =>
  typeof content === 'string'
    ? []
    : content.filter((block: Block) => block.type === type).map((block) => String(block[key]))
