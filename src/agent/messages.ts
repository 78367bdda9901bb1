/** The Messages API in the shapes that the agent needs: https://docs.claude.com/en/api/messages. */
import type { JsonSchema } from '../base/json-schema.ts'

/** Any content block. What is not known here is passed on as it came: earlier turns are never edited. */
export interface Block {
  readonly type: string
  readonly [key: string]: unknown
}

export interface TextBlock extends Block {
  readonly type: 'text'
  readonly text: string
}

export interface ToolUseBlock extends Block {
  readonly type: 'tool_use'
  readonly id: string
  readonly name: string
  readonly input: Readonly<Record<string, unknown>>
}

interface ImageBlock extends Block {
  readonly type: 'image'
  readonly source: { readonly type: 'base64'; readonly media_type: string; readonly data: string }
}

/** What a tool gave, as the model reads it. */
export type ResultPart = TextBlock | ImageBlock

export interface ToolResultBlock extends Block {
  readonly type: 'tool_result'
  readonly tool_use_id: string
  readonly content: readonly ResultPart[]
  readonly is_error?: true
}

export interface Message {
  readonly role: 'user' | 'assistant'
  readonly content: readonly Block[]
}

export interface ToolDefinition {
  readonly name: string
  readonly description: string
  readonly input_schema: JsonSchema
}

/** Tokens as the API counts them; absent where it says nothing. */
export interface Usage {
  /** Those that were neither read from the cache nor written to it. */
  readonly input_tokens: number
  readonly output_tokens: number
  readonly cache_creation_input_tokens?: number | null
  readonly cache_creation?: {
    readonly ephemeral_5m_input_tokens: number
    readonly ephemeral_1h_input_tokens: number
  } | null
  readonly cache_read_input_tokens?: number | null
  readonly server_tool_use?: { readonly web_search_requests?: number } | null
  readonly service_tier?: string | null
  readonly inference_geo?: string | null
  readonly speed?: string | null
}

/** Why the model stopped; a reason newer than this list comes through as it is. */
export const stopReasons = [
  'end_turn',
  'max_tokens',
  'stop_sequence',
  'tool_use',
  'pause_turn',
  'refusal',
  'model_context_window_exceeded',
] as const

export type StopReason = (typeof stopReasons)[number]

/** One answer of the model, whole. */
export interface Reply {
  readonly model: string
  readonly content: readonly Block[]
  /** One of `stopReasons`, or what the API says instead. */
  readonly stop_reason: string | null
  readonly usage: Usage
}

const isText = (block: Block): block is TextBlock => block.type === 'text'
export const isToolUse = (block: Block): block is ToolUseBlock => block.type === 'tool_use'

export const text = (value: string): TextBlock => ({ type: 'text', text: value })

/** What came of a call, for whoever wrote it. */
export const toResultBlock = (
  id: string,
  content: readonly ResultPart[],
  isError: boolean,
): ToolResultBlock => ({
  type: 'tool_result',
  tool_use_id: id,
  content,
  ...(isError ? { is_error: true } : {}),
})

/** The text of an answer, its blocks one after the other. */
export const textOf = (content: readonly Block[]): string =>
  content
    .filter(isText)
    .map((block) => block.text)
    .join('')
