import { createMcpHandler, type Server } from '@modelcontextprotocol/server'
import { type Actor, type Grant, narrow } from '../../base/actor.ts'
import { AppError } from '../../base/error.ts'
import { answerCall } from '../../server/answer-call.ts'
import { traceOf } from '../../server/trace-of.ts'
import type { Tool } from '../../tools/tool.ts'
import { type Exchange, sendError, sendText, toArrival } from './exchange.ts'
import { createListenStreams, isListening } from './listen-streams.ts'
import type { HttpParts } from './parts.ts'
import { type PlainCall, toPlainAnswer, toPlainCall } from './plain-call.ts'
import type { StreamPlaces } from './stream-places.ts'
import { passOn } from './web.ts'

/** Who came in, and by which group. */
export interface Entered {
  readonly actor: Actor
  readonly group: Grant
}

export interface McpRoute {
  /** Answers what came to /mcp from an actor. */
  serve(exchange: Exchange, entered: Entered, body: string): Promise<void>
  close(): Promise<void>
}

/** Streamable HTTP, every revision of it, without sessions. */
export function createMcpRoute(parts: HttpParts, places: StreamPlaces): McpRoute {
  // The library is given no `onerror`: it would tell of every request that it turns away, in the words of
  // whoever sent it.
  const create = (actor: Actor, era: 'legacy' | 'modern'): Server =>
    reporting(parts, () =>
      parts.createServer({ actor, transport: 'http', isAlone: era === 'legacy' }),
    )
  const handler = createMcpHandler(({ authInfo, era }) => create(actorOf(authInfo), era))
  const streams = createListenStreams(
    { ...parts, places },
    (actor) =>
      ({ era }) =>
        create(actor, era),
  )
  return {
    async serve(exchange, entered, body) {
      const { actor } = entered
      const json = toJson(body)
      const tool = namedTool(json)
      const scopes = tool === undefined ? [] : missingScopes(tool, entered, parts)
      if (scopes.length > 0) return stepUp({ exchange, actor, parts }, { tool, scopes })
      const call = toPlainCall(exchange.request.headers, json)
      if (call !== undefined && isPlain(parts.toolsetOf(actor).tools.get(call.name)))
        return answerPlainly(call, { exchange, actor, parts })
      if (isListening(json)) return streams.serve(exchange, actor, { body, json })
      // The library hands on whatever came with a token; here that is the actor.
      const authInfo = { token: '', clientId: actor.id, scopes: [], extra: { actor } }
      const parsed = json === undefined ? {} : { parsedBody: json }
      await passOn(exchange, body, (request) => handler.fetch(request, { authInfo, ...parsed }))
    },
    async close() {
      await Promise.all([handler.close(), streams.close()])
    },
  }
}

/** One that may ask a person something gives more than one answer. */
const isPlain = (tool: Tool | undefined): boolean => tool !== undefined && tool.effect === undefined

/** The library answers with 500 and tells nobody why. */
function reporting<Made>({ onError }: HttpParts, make: () => Made): Made {
  try {
    return make()
  } catch (error) {
    onError(error)
    throw error
  }
}

/** What is no JSON is told of by the library. */
function toJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function namedTool(json: unknown): string | undefined {
  const { method, params } = (json ?? {}) as { method?: unknown; params?: { name?: unknown } }
  const name = params?.name
  return method === 'tools/call' && typeof name === 'string' ? name : undefined
}

/** Scopes that would open the tool that is called (MCP: authorization, scope challenge). */
function missingScopes(
  tool: string,
  { actor, group }: Entered,
  { door, toolsetOf }: HttpParts,
): readonly string[] {
  if (toolsetOf(actor).tools.has(tool)) return []
  // A tool that nobody has here is a slip of the model, not of the sign-in.
  return toolsetOf(narrow(everybody, group)).tools.has(tool) ? door.missingScopes(actor, tool) : []
}

const everybody: Actor = { id: 'everybody', claims: {}, tools: 'all', sources: 'all' }

interface Wanted {
  readonly tool: string | undefined
  readonly scopes: readonly string[]
}

function stepUp({ exchange, actor, parts }: Called, { tool, scopes }: Wanted): void {
  const error = new AppError('not_allowed', 'The token does not allow this tool.', {
    hint: `Ask for a token with the scopes ${scopes.join(' ')}.`,
  })
  parts.onRefused({ arrival: toArrival(exchange.request), error, actor, ...(tool && { tool }) })
  sendError(exchange, error, { 'www-authenticate': parts.door.challenge(error, scopes) })
}

interface Called {
  readonly exchange: Exchange
  readonly actor: Actor
  readonly parts: HttpParts
}

async function answerPlainly(call: PlainCall, { exchange, actor, parts }: Called): Promise<void> {
  const { id: requestId, client, protocolVersion, meta } = call
  const result = await answerCall(parts, parts.toolsetOf(actor), {
    name: call.name,
    arguments: call.arguments,
    context: { signal: exchange.signal, actor },
    origin: { transport: 'http', client, protocolVersion, requestId, trace: traceOf(meta) },
  })
  sendText(exchange.response, toPlainAnswer(call, result, parts.name), { status: 200 })
}

function actorOf(authInfo: { readonly extra?: Record<string, unknown> } | undefined): Actor {
  const actor = authInfo?.extra?.['actor'] as Actor | undefined
  if (actor === undefined) throw new Error('A request reached the protocol without an actor.')
  return actor
}
