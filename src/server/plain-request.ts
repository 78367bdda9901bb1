/**
 * What a client of before 2026-07-28 mostly asks over a connection that stays, read without the protocol
 * library. Decided narrowly: whatever has more to it is the library's.
 */
import type { JSONRPCMessage, RequestId, RequestMeta } from '@modelcontextprotocol/server'
import { isObject } from '../base/is-object.ts'

/** Revisions with a handshake, the newest first (MCP: lifecycle, version negotiation). */
export const handshakeRevisions: readonly string[] = [
  '2025-11-25',
  '2025-06-18',
  '2025-03-26',
  '2024-11-05',
  '2024-10-07',
]

export interface Handshake {
  readonly id: RequestId
  readonly protocolVersion: string
  readonly client: string
}

/** The first message of a connection, where it is the common one. */
export function toHandshake(message: JSONRPCMessage): Handshake | undefined {
  const request = toRequest(message)
  if (request?.method !== 'initialize') return undefined
  const { protocolVersion, capabilities, clientInfo, ...more } = request.params
  if (typeof protocolVersion !== 'string' || Object.keys(more).length > 0) return undefined
  if (!isCommonCapabilities(capabilities) || !isCommonInfo(clientInfo)) return undefined
  return {
    id: request.id,
    protocolVersion: handshakeRevisions.includes(protocolVersion)
      ? protocolVersion
      : (handshakeRevisions[0] ?? protocolVersion),
    client: `${clientInfo.name} ${clientInfo.version}`,
  }
}

export type PlainRequest = PlainQuestion | PlainCall

interface PlainQuestion {
  readonly method: 'ping' | 'tools/list'
  readonly id: RequestId
}

export interface PlainCall {
  readonly method: 'tools/call'
  readonly id: RequestId
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>> | undefined
  readonly meta: RequestMeta | undefined
}

/** A request that wants one answer, and nothing before it but progress. */
export function toPlainRequest(message: JSONRPCMessage): PlainRequest | undefined {
  const request = toRequest(message)
  if (request === undefined) return undefined
  const { id, method, params } = request
  const { name, arguments: given, _meta: meta, ...more } = params
  if (Object.keys(more).length > 0 || !isPlainMeta(meta)) return undefined
  if (method !== 'tools/call') {
    if (name !== undefined || given !== undefined) return undefined
    return method === 'ping' || method === 'tools/list' ? { method, id } : undefined
  }
  if (typeof name !== 'string' || (given !== undefined && !isObject(given))) return undefined
  return { method, id, name, arguments: given, meta }
}

/** Tasks and what the protocol keeps for itself are not plain. */
const isPlainMeta = (meta: unknown): meta is RequestMeta | undefined =>
  meta === undefined ||
  (isObject(meta) && Object.keys(meta).every((key) => !key.includes('modelcontext')))

interface Request {
  readonly id: RequestId
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
}

const toRequest = (message: JSONRPCMessage): Request | undefined =>
  'method' in message && 'id' in message
    ? { id: message.id, method: message.method, params: message.params ?? {} }
    : undefined

interface Info {
  readonly name: string
  readonly version: string
}

/** A name, a version, perhaps more texts (MCP: Implementation). */
const isCommonInfo = (info: unknown): info is Info =>
  isObject(info) &&
  typeof info['name'] === 'string' &&
  typeof info['version'] === 'string' &&
  !Object.hasOwn(info, 'icons') &&
  Object.values(info).every((value) => typeof value === 'string')

/** Each a switch or a group of switches, by the names of the revisions with a handshake (MCP: ClientCapabilities). */
const isCommonCapabilities = (capabilities: unknown): boolean =>
  isObject(capabilities) &&
  Object.entries(capabilities).every(([key, value]) => commonCapabilities[key]?.(value) === true)

const isGroup = (value: unknown): boolean => isObject(value) && Object.values(value).every(isObject)

const commonCapabilities: Readonly<Record<string, (value: unknown) => boolean>> = {
  elicitation: isGroup,
  experimental: isGroup,
  extensions: isGroup,
  sampling: isGroup,
  roots: (value) =>
    isObject(value) && Object.values(value).every((one) => typeof one === 'boolean'),
}
