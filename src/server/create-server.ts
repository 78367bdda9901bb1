import type { Server, ServerContext } from '@modelcontextprotocol/server'
import type { Actor } from '../base/actor.ts'
import { shorten } from '../base/shorten.ts'
import { version } from '../base/version.ts'
import type { CallOrigin, Reply } from '../tools/call.ts'
import { missingTool } from '../tools/missing-tool.ts'
import type { Tool } from '../tools/tool.ts'
import { answerCall, type CallParts } from './answer-call.ts'
import { reportProgress } from './progress.ts'
import { answerTasks, takesTasks, tasksExtension, toTask } from './tasks.ts'
import { ToolServer } from './tool-server.ts'
import type { Toolset } from './toolsets.ts'

export interface ServerParts extends CallParts {
  /** How the server calls itself to clients. */
  readonly name: string
  readonly toolsetOf: (actor: Actor) => Toolset
}

/** Who is at the other end of a connection, or behind a request; asked for each message. */
export interface Peer {
  readonly actor: Actor
  readonly transport: CallOrigin['transport']
}

export type ServerFactory = (peer: Peer) => Server

/** How long a client may keep the list of tools; it changes only with a new process. */
const listTtlMs = 3_600_000

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
        capabilities: {
          tools: {},
          ...(toolset().jobFacts && { extensions: { [tasksExtension]: {} } }),
        },
        instructions: toolset().instructions,
        cacheHints: { 'tools/list': { ttlMs: listTtlMs, cacheScope: 'private' } },
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
        })
        return ((takesTasks(context.mcpReq.envelope) && toTask(result)) || result) as typeof result
      } finally {
        reporting.end()
      }
    })
    if (toolset().jobFacts !== undefined) addTasks(server, parts, peer)
    return server
  }
}

/** Asked through all gates, as tools are. */
function addTasks(server: ToolServer, parts: ServerParts, peer: Peer): void {
  const call = (tool: Tool, taskId: string, context: ServerContext): Promise<Reply> =>
    parts.callTool({
      tool,
      arguments: { job_id: taskId },
      context: { signal: context.mcpReq.signal, actor: peer.actor },
      origin: toOrigin(peer, context, server),
    })
  const toolset = (): Toolset => parts.toolsetOf(peer.actor)
  answerTasks(server, {
    look: (taskId, context) =>
      call(toolset().jobFacts ?? missingTool('get_job_status', []), taskId, context),
    cancel: (taskId, context) =>
      call(toolset().tools.get('cancel_job') ?? missingTool('cancel_job', []), taskId, context),
  })
}

/** What the request and, before 2026-07-28, the handshake say of the client. */
function toOrigin({ transport }: Peer, { mcpReq }: ServerContext, server: Server): CallOrigin {
  // oxlint-disable-next-line no-deprecated -- the handshake of earlier revisions is told nowhere else
  const client = server.getClientVersion()
  const { id, _meta: meta } = mcpReq
  return {
    transport,
    client: client && shorten(`${client.name} ${client.version}`, 100),
    // oxlint-disable-next-line no-deprecated -- as above
    protocolVersion: server.getNegotiatedProtocolVersion(),
    requestId: id,
    trace: meta && { traceparent: meta['traceparent'], tracestate: meta['tracestate'] },
  }
}
