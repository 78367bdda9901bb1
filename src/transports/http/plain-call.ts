/**
 * Most of what comes in over HTTP is a call that wants one JSON answer. It needs no protocol server of
 * its own, no web streams, no framing: that is two thirds of what a call costs. What is
 * such a call is decided narrowly; anything else takes the way of the protocol library, and a test
 * holds both ways to the same answers.
 */
import type { IncomingHttpHeaders } from 'node:http'
import {
  CLIENT_INFO_META_KEY,
  classifyInboundRequest,
  isJsonContentType,
  PROTOCOL_VERSION_META_KEY,
  type RequestId,
  specTypeSchemas,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/server'
import { shorten } from '../../base/shorten.ts'
import type { ToolResult } from '../../server/answer-call.ts'
import { modernRevision, toModernResult } from '../../server/modern.ts'
import { takesTasks, toTask } from '../../server/tasks.ts'
import { traceOf } from '../../server/trace-of.ts'

export interface PlainCall {
  readonly id: RequestId
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>> | undefined
  readonly isModern: boolean
  /** The client may be told of a task instead. */
  readonly takesTasks: boolean
  readonly protocolVersion: string | undefined
  readonly client: string | undefined
  readonly trace: Readonly<Record<string, unknown>> | undefined
}

interface CallRequest {
  readonly id: RequestId
  readonly method: 'tools/call'
  readonly params: {
    readonly name: string
    readonly arguments?: Readonly<Record<string, unknown>>
    readonly _meta?: Readonly<Record<string, unknown>>
  }
}

/** The call that a body is, where nothing about it needs more than one answer. */
export function toPlainCall(headers: IncomingHttpHeaders, body: unknown): PlainCall | undefined {
  if (!isCall(body) || !takesBoth(headers.accept)) return undefined
  if (!isJsonContentType(headers['content-type'])) return undefined
  const asked = header(headers, 'mcp-protocol-version')
  const method = header(headers, 'mcp-method')
  const named = header(headers, 'mcp-name')
  const outcome = classifyInboundRequest({
    httpMethod: 'POST',
    body,
    ...(asked === undefined ? {} : { protocolVersionHeader: asked }),
    ...(method === undefined ? {} : { mcpMethodHeader: method }),
    ...(named === undefined ? {} : { mcpNameHeader: named }),
  })
  const isModern = outcome.kind === 'modern'
  const { id, params } = body
  const { _meta: meta } = params
  if (isModern) {
    const speaks = asked === modernRevision && meta?.[PROTOCOL_VERSION_META_KEY] === modernRevision
    if (!speaks || method !== 'tools/call' || named !== params.name) return undefined
  } else {
    const speaks = asked === undefined || SUPPORTED_PROTOCOL_VERSIONS.includes(asked)
    if (outcome.kind !== 'legacy' || outcome.reason !== 'no-claim' || !speaks) return undefined
  }
  return {
    id,
    name: params.name,
    arguments: params.arguments,
    isModern,
    takesTasks: isModern && takesTasks(meta),
    protocolVersion: asked,
    client: clientOf(meta),
    trace: traceOf(meta),
  }
}

/** Before 2026-07-28 nobody has looked whether it is one. */
function clientOf(meta: CallRequest['params']['_meta']): string | undefined {
  const checked = specTypeSchemas.Implementation['~standard'].validate(meta?.[CLIENT_INFO_META_KEY])
  if (checked instanceof Promise || checked.issues !== undefined) return undefined
  return shorten(`${checked.value.name} ${checked.value.version}`, 100)
}

const plainKeys = new Set(['name', 'arguments', '_meta'])

/** True for a call that asks for no progress, brings no answers to questions, and is no task. */
function isCall(body: unknown): body is CallRequest {
  const { method, params } = (body ?? {}) as { method?: unknown; params?: unknown }
  if (method !== 'tools/call' || typeof params !== 'object' || params === null) return false
  if (!Object.keys(params).every((key) => plainKeys.has(key))) return false
  const checked = specTypeSchemas.CallToolRequest['~standard'].validate(body)
  if (checked instanceof Promise || checked.issues !== undefined) return false
  const { _meta: meta } = checked.value.params
  return meta?.progressToken === undefined
}

/** A client has to take both kinds of answers (MCP: Streamable HTTP, sending messages). */
const takesBoth = (accept = ''): boolean =>
  accept.includes('application/json') && accept.includes('text/event-stream')

const header = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name]
  return Array.isArray(value) ? undefined : value
}

/** The whole answer, as the revision of the call words it. */
export function toPlainAnswer(call: PlainCall, result: ToolResult, name: string): string {
  const task = call.takesTasks ? toTask(result) : undefined
  const told = call.isModern ? { ...toModernResult(task ? {} : result, name), ...task } : result
  return JSON.stringify({ result: told, jsonrpc: '2.0', id: call.id })
}
