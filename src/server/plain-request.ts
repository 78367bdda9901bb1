/**
 * What a client mostly asks, read without the protocol library. Decided narrowly: whatever has more to it is
 * the library's.
 */
import type { JSONRPCMessage, RequestId, RequestMeta } from '@modelcontextprotocol/server'
import { isObject } from '../base/is-object.ts'
import { shorten } from '../base/shorten.ts'
import { modernRevision } from './modern.ts'

/** Revisions with a handshake, the newest first (MCP: lifecycle, version negotiation). */
export const handshakeRevisions: readonly string[] = [
  '2025-11-25',
  '2025-06-18',
  '2025-03-26',
  '2024-11-05',
  '2024-10-07',
]

/** With which a connection begins: since 2026-07-28 requests say for themselves what a handshake said before. */
export interface Opening {
  readonly id: RequestId
  readonly era: 'legacy' | 'modern'
  readonly protocolVersion: string
  readonly client: string | undefined
}

/** The first message of a connection, where it is a common one. */
export function toOpening(message: JSONRPCMessage): Opening | undefined {
  const request = toRequest(message)
  if (request?.method === 'server/discover') return toDiscovery(request)
  return request?.method === 'initialize' ? toHandshake(request) : undefined
}

function toDiscovery({ id, params }: Request): Opening | undefined {
  const { _meta: meta, ...more } = params
  if (Object.keys(more).length > 0 || !isEnvelope(meta) || hasExtensions(meta)) return undefined
  return { id, era: 'modern', protocolVersion: modernRevision, client: undefined }
}

function toHandshake(request: Request): Opening | undefined {
  const { protocolVersion, capabilities, clientInfo, ...more } = request.params
  if (typeof protocolVersion !== 'string' || Object.keys(more).length > 0) return undefined
  if (!isCommonCapabilities(capabilities) || !isCommonInfo(clientInfo)) return undefined
  return {
    id: request.id,
    era: 'legacy',
    protocolVersion: handshakeRevisions.includes(protocolVersion)
      ? protocolVersion
      : (handshakeRevisions[0] ?? protocolVersion),
    client: toName(clientInfo),
  }
}

export type PlainRequest = PlainQuestion | PlainCall

interface PlainQuestion {
  readonly method: 'ping' | 'tools/list'
  readonly id: RequestId
  readonly meta: RequestMeta | undefined
}

export interface PlainCall {
  readonly method: 'tools/call'
  readonly id: RequestId
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>> | undefined
  readonly meta: RequestMeta | undefined
  /** Where the request says so itself. */
  readonly client: string | undefined
}

/** A request that wants one answer, and nothing before it but progress. */
export function toPlainRequest(
  message: JSONRPCMessage,
  era: Opening['era'],
): PlainRequest | undefined {
  const request = toRequest(message)
  if (request === undefined) return undefined
  const { id, method, params } = request
  const { name, arguments: given, _meta: meta, ...more } = params
  const isPlainMeta = era === 'legacy' ? isBareMeta : isEnvelope
  if (Object.keys(more).length > 0 || !isPlainMeta(meta)) return undefined
  if (method !== 'tools/call') {
    if (name !== undefined || given !== undefined) return undefined
    return method === 'tools/list' || (method === 'ping' && era === 'legacy')
      ? { method, id, meta }
      : undefined
  }
  if (typeof name !== 'string' || (given !== undefined && !isObject(given))) return undefined
  const client = meta?.[clientInfoKey]
  return {
    method,
    id,
    name,
    arguments: given,
    meta,
    client: isCommonInfo(client) ? toName(client) : undefined,
  }
}

/** True where it begins a connection anew, or no longer says what each message of 2026-07-28 does. */
export function leavesEra(message: JSONRPCMessage, era: Opening['era']): boolean {
  if (!('method' in message)) return false
  const { _meta: meta } = message.params ?? {}
  const isNamed = isObject(meta) && Object.hasOwn(meta, versionKey)
  return message.method === 'initialize' || (era === 'modern' && !isNamed)
}

/** Without what the protocol keeps for itself. */
const isBareMeta = (meta: unknown): meta is RequestMeta | undefined =>
  meta === undefined || (isObject(meta) && ownKeys(meta).length === 0)

const [versionKey, capabilitiesKey, clientInfoKey] = [
  'io.modelcontextprotocol/protocolVersion',
  'io.modelcontextprotocol/clientCapabilities',
  'io.modelcontextprotocol/clientInfo',
]

/** What each request of 2026-07-28 says of its client, and no more of the protocol's own. */
function isEnvelope(meta: unknown): meta is RequestMeta {
  if (!isObject(meta) || meta[versionKey] !== modernRevision) return false
  const { [capabilitiesKey]: capabilities, [clientInfoKey]: client } = meta
  const known = [versionKey, capabilitiesKey, clientInfoKey]
  return (
    ownKeys(meta).every((key) => known.includes(key)) &&
    isCommonCapabilities(capabilities) &&
    (client === undefined || isCommonInfo(client))
  )
}

/** True where the client takes more than the protocol has, such as tasks. */
export const hasExtensions = (meta: RequestMeta | undefined): boolean =>
  Object.hasOwn(meta?.[capabilitiesKey] ?? {}, 'extensions')

const ownKeys = (meta: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.keys(meta).filter((key) => key.includes('modelcontext'))

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

const toName = ({ name, version }: Info): string => shorten(`${name} ${version}`, 100)

/** A name, a version, perhaps more texts (MCP: Implementation). */
const isCommonInfo = (info: unknown): info is Info =>
  isObject(info) &&
  typeof info['name'] === 'string' &&
  typeof info['version'] === 'string' &&
  !Object.hasOwn(info, 'icons') &&
  Object.values(info).every((value) => typeof value === 'string')

/** Each a switch or a group of switches, by the names of the revisions with a handshake (MCP: ClientCapabilities). */
const isCommonCapabilities = (
  capabilities: unknown,
): capabilities is Readonly<Record<string, unknown>> =>
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
