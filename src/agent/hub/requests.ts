/** The two requests of MCP that a hub makes, taking what comes: a bad answer spoils itself and no more. */
import type { Client, Progress, Tool } from '@modelcontextprotocol/client'
import { ProtocolError } from '@modelcontextprotocol/client'
import type { Annotations } from '../safety/tool-facts.ts'
import type { Permit } from '../safety/permit.ts'
import { streamLost } from './open-client.ts'

/** A definition as the server sent it, of whatever quality. */
export interface ListedTool {
  readonly name: string
  readonly description?: unknown
  readonly inputSchema?: unknown
  readonly annotations?: Annotations | undefined
}

export type CallEnd =
  | { readonly kind: 'answered'; readonly answer: unknown }
  /** A protocol error: the server took the call for wrong and did not run it. */
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'not_sent' }
  | { readonly kind: 'cancelled' }
  /** The server may have run it, or may be running it. */
  | { readonly kind: 'unknown'; readonly why: 'timed_out' | 'lost' }

const mostPages = 50
const mostTools = 1000

/** Takes any value: the library would refuse a whole list, or a call that succeeded, for one odd part. */
const anything = {
  '~standard': { version: 1, vendor: 'vitrine', validate: (value: unknown) => ({ value }) },
} as const

export async function listTools(client: Client): Promise<readonly ListedTool[]> {
  const tools: unknown[] = []
  let cursor: unknown
  for (let page = 0; page < mostPages && tools.length < mostTools; page += 1) {
    const params = typeof cursor === 'string' ? { cursor } : {}
    const answer = (await client.request({ method: 'tools/list', params }, anything)) as {
      tools?: unknown
      nextCursor?: unknown
    }
    if (Array.isArray(answer.tools)) tools.push(...(answer.tools as unknown[]))
    cursor = answer.nextCursor
    if (cursor === undefined || cursor === null) break
  }
  return tools.slice(0, mostTools).filter(isListed)
}

const isListed = (tool: unknown): tool is ListedTool =>
  typeof (tool as { name?: unknown } | null)?.name === 'string'

export interface CallRequest {
  readonly tool: ListedTool
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

/** Longer than any deadline: that is the caller's, whose signal reaches the server as a cancellation. */
const noTimeout = 2_000_000_000

export async function requestCall(
  client: Client,
  permit: Permit,
  { tool, signal, onProgress }: CallRequest,
): Promise<CallEnd> {
  const params = { name: permit.tool, arguments: { ...permit.arguments } }
  const options = { signal, onprogress: onProgress, timeout: noTimeout }
  try {
    const answer: unknown = mirrorsParameters(tool)
      ? await client.callTool(params, { ...options, toolDefinition: withoutOutput(tool) })
      : await client.request({ method: 'tools/call', params }, anything, options)
    return { kind: 'answered', answer }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    if (error.message.endsWith(streamLost)) return { kind: 'unknown', why: 'lost' }
    return { kind: 'refused', message: error.message }
  }
}

/** Arguments that are sent as headers as well (SEP-2243): only the library's own call does that. */
const mirrorsParameters = ({ inputSchema }: ListedTool): boolean =>
  JSON.stringify(inputSchema ?? {}).includes('"x-mcp-header"')

/** Without the output schema, by which the library would make an error of a success. */
const withoutOutput = ({ name, inputSchema }: ListedTool): Tool =>
  ({ name, inputSchema }) as unknown as Tool
