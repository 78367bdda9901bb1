import type { Server, ServerContext } from '@modelcontextprotocol/server'
import type { Actor } from '../base/actor.ts'
import type { AppError } from '../base/error.ts'
import type { ResourceChanges } from '../base/resource-changes.ts'
import { shorten } from '../base/shorten.ts'
import { version } from '../base/version.ts'
import type { CallOrigin, Reply } from '../tools/call.ts'
import { missingTool } from '../tools/missing-tool.ts'
import type { Tool } from '../tools/tool.ts'
import { answerCall, type CallParts } from './answer-call.ts'
import { toAsking } from './ask-person.ts'
import { type Asking, orRequestError } from './asking.ts'
import { answerCompletions } from './completions.ts'
import { keptForAWhile, keptLong, mayChange, toOffer } from './offer.ts'
import { reportProgress } from './progress.ts'
import { answerPrompts } from './prompts.ts'
import { toProtocolError } from './protocol-error.ts'
import { answerResources } from './resources.ts'
import { tellChanges } from './subscriptions.ts'
import { answerTasks, takesTasks, toTask } from './tasks.ts'
import { ToolServer } from './tool-server.ts'
import type { Toolset } from './toolsets.ts'
import { traceOf } from './trace-of.ts'
import { type ToolLists, watchTools } from './watch-tools.ts'

export interface ServerParts extends CallParts, ToolLists {
  /** How the server calls itself to clients. */
  readonly name: string
  readonly resourceChanges: ResourceChanges
}

/** Who is at the other end of a connection, or behind a request; asked for each message. */
export interface Peer {
  readonly actor: Actor
  readonly transport: CallOrigin['transport']
  /** Each request stands alone, and nothing can be told to the client outside of it. */
  readonly isAlone?: boolean
}

export type ServerFactory = (peer: Peer) => Server

/** Longer than any confirmation holds: what ends the wait for a person is theirs. */
const longestAskMs = 3_600_000

/**
 * A factory of protocol servers, one for each connection or request. The low-level `Server` with
 * lists made once: what is the same for every connection is not computed for each.
 */
export function createServerFactory(parts: ServerParts): ServerFactory {
  return (peer) => {
    const toolset = (): Toolset => parts.toolsetOf(peer.actor)
    const server = new ToolServer(
      { name: parts.name, version },
      {
        ...toOffer(toolset(), peer.isAlone),
        onFault: parts.onError,
        inputRequired: { roundTimeoutMs: longestAskMs },
        cacheHints: {
          'tools/list': keptForAWhile,
          'prompts/list': keptLong,
          'resources/templates/list': keptLong,
        },
      },
    )
    server.setRequestHandler('tools/list', () => toolset().listed)
    server.setRequestHandler('tools/call', async ({ params }, context) => {
      const reporting = reportProgress(context.mcpReq)
      try {
        const result = await answerCall(parts, toolset(), {
          name: params.name,
          arguments: params.arguments,
          context: {
            signal: context.mcpReq.signal,
            actor: peer.actor,
            onProgress: reporting.onProgress,
          },
          origin: toOrigin(peer, context, server),
          asking: toAsking(context.mcpReq, server),
        }).catch((error: AppError) => {
          throw toProtocolError(error)
        })
        return ((takesTasks(context.mcpReq.envelope) && toTask(result)) || result) as typeof result
      } finally {
        reporting.end()
      }
    })
    const call = callsOf(server, parts, peer)
    if (toolset().jobFacts !== undefined) addTasks(server, toolset, call)
    const ask: Asking['ask'] = (...asked) =>
      orRequestError(async () => (await call(...asked)).answer, parts.onError)
    const asking: Asking = { toolset, ask }
    const { resources, prompts } = toolset()
    if (resources.length > 0) answerResources(server, asking)
    if (prompts !== undefined) answerPrompts(server, asking)
    if (resources.length > 0 || prompts !== undefined) answerCompletions(server, asking)
    if (stays(peer)) tellOfTools(server, parts, peer)
    if (stays(peer) && mayChange(toolset())) tellChanges(server, parts, toolset)
    return server
  }
}

/** Over Streamable HTTP a server lives as long as its request. */
const stays = ({ transport }: Peer): boolean => transport !== 'http'

/** A question that is no call of a tool, or none that the model made, goes through all gates as one. */
type MakeCall = (tool: Tool, given: unknown, context: ServerContext) => Promise<Reply>

const callsOf =
  (server: Server, { callTool }: ServerParts, peer: Peer): MakeCall =>
  (tool, given, context) =>
    callTool({
      tool,
      arguments: given,
      context: { signal: context.mcpReq.signal, actor: peer.actor },
      origin: toOrigin(peer, context, server),
    })

/** Over a connection that lasts; a request over HTTP has its answer and no more. */
function tellOfTools(server: ToolServer, parts: ServerParts, peer: Peer): void {
  // oxlint-disable-next-line prefer-add-event-listener -- it is no event target
  server.onclose = watchTools(
    parts,
    () => peer.actor,
    () => {
      // A client that has gone is told of by its transport.
      server.sendToolListChanged().catch(() => undefined)
    },
  )
}

function addTasks(server: ToolServer, toolset: () => Toolset, call: MakeCall): void {
  answerTasks(server, {
    look: (id, context) =>
      call(toolset().jobFacts ?? missingTool('get_job_status', []), { job_id: id }, context),
    cancel: (id, context) =>
      call(
        toolset().tools.get('cancel_job') ?? missingTool('cancel_job', []),
        { job_id: id },
        context,
      ),
  })
}

/** What the request and, before 2026-07-28, the handshake say of the client. */
function toOrigin({ transport }: Peer, { mcpReq }: ServerContext, server: Server): CallOrigin {
  // Both are deprecated, but the handshake of earlier revisions is told nowhere else.
  const client = server.getClientVersion()
  const { id, _meta: meta } = mcpReq
  return {
    transport,
    client: client && shorten(`${client.name} ${client.version}`, 100),
    protocolVersion: server.getNegotiatedProtocolVersion(),
    requestId: id,
    trace: traceOf(meta),
  }
}
