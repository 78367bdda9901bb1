/**
 * Most of what comes in over HTTP is a call that wants one JSON answer. It needs no protocol server of
 * its own, no web streams, no framing: that is two thirds of what a call costs. What is
 * such a call is decided narrowly; anything else takes the way of the protocol library, and a test
 * holds both ways to the same answers.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { isJsonContentType } from '@modelcontextprotocol/server'
import type { ToolResult } from '../../server/answer-call.ts'
import { modernRevision, toModernResult } from '../../server/modern.ts'
import {
  handshakeRevisions,
  type PlainCall as Asked,
  toPlainRequest,
} from '../../server/plain-request.ts'
import { takesTasks, toTask } from '../../server/tasks.ts'
import { isMessage } from '../is-message.ts'

export interface PlainCall extends Asked {
  readonly isModern: boolean
  /** The client may be told of a task instead. */
  readonly takesTasks: boolean
  readonly protocolVersion: string | undefined
}

/** The call that a body is, where nothing about it needs more than one answer. */
export function toPlainCall(headers: IncomingHttpHeaders, body: unknown): PlainCall | undefined {
  if (!isMessage(body) || !takesBoth(headers.accept)) return undefined
  if (!isJsonContentType(headers['content-type'])) return undefined
  const protocolVersion = header(headers, 'mcp-protocol-version')
  const isModern = protocolVersion === modernRevision
  const call = toPlainRequest(body, isModern ? 'modern' : 'legacy')
  if (call?.method !== 'tools/call' || call.meta?.progressToken !== undefined) return undefined
  if (!(isModern ? isNamedIn(headers, call) : isKnown(protocolVersion))) return undefined
  return { ...call, isModern, takesTasks: isModern && takesTasks(call.meta), protocolVersion }
}

/** Each request of 2026-07-28 says in its headers too what it is (MCP: Streamable HTTP, standard headers). */
const isNamedIn = (headers: IncomingHttpHeaders, { method, name }: Asked): boolean =>
  header(headers, 'mcp-method') === method && header(headers, 'mcp-name') === name

const isKnown = (revision: string | undefined): boolean =>
  revision === undefined || handshakeRevisions.includes(revision)

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
