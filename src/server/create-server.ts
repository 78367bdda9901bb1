import type { Server, ServerContext } from '@modelcontextprotocol/server'
import type { Actor } from '../base/actor.ts'
import { AppError } from '../base/error.ts'
import { didYouMean } from '../base/nearest.ts'
import { shorten } from '../base/shorten.ts'
import { version } from '../base/version.ts'
import type { CallOrigin, CallTool } from '../tools/call.ts'
import { toProtocolError, toToolError, toToolResult } from './answer.ts'
import { reportProgress } from './progress.ts'
import { ToolServer } from './tool-server.ts'
import type { Toolset } from './toolsets.ts'

export interface ServerParts {
  /** How the server calls itself to clients. */
  readonly name: string
  readonly toolsetOf: (actor: Actor) => Toolset
  /** What a call goes through. */
  readonly callTool: CallTool
  /** Called with what went wrong inside; the model is told nothing of it. */
  readonly onError: (error: unknown) => void
}

/** Who is at the other end of a connection, or behind a request. */
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
    const { instructions, listed, tools } = parts.toolsetOf(peer.actor)
    const server = new ToolServer(
      { name: parts.name, version },
      {
        capabilities: { tools: {} },
        instructions,
        cacheHints: { 'tools/list': { ttlMs: listTtlMs, cacheScope: 'private' } },
      },
    )
    server.setRequestHandler('tools/list', () => listed)
    server.setRequestHandler('tools/call', async ({ params }, context) => {
      const tool = tools.get(params.name)
      if (tool === undefined) throw toProtocolError(unknownTool(params.name, [...tools.keys()]))
      const { signal } = context.mcpReq
      const reporting = reportProgress(context.mcpReq)
      try {
        const reply = await parts.callTool({
          tool,
          arguments: params.arguments,
          context: { signal, actor: peer.actor },
          origin: toOrigin(peer, context, server),
        })
        return toToolResult(reply)
      } catch (error) {
        parts.onError(error)
        return toToolError(error)
      } finally {
        reporting.end()
      }
    })
    return server
  }
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

function unknownTool(asked: string, names: readonly string[]): AppError {
  const name = shorten(asked, 100)
  return new AppError('unknown_tool', `There is no tool ${name}.`, {
    hint: `${didYouMean(name, names) ?? ''} Tools: ${names.join(', ')}.`.trim(),
  })
}
