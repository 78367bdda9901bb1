import type { ListToolsResult, Server } from '@modelcontextprotocol/server'
import type { Actor } from '../base/actor.ts'
import { AppError } from '../base/error.ts'
import { didYouMean } from '../base/nearest.ts'
import { shorten } from '../base/shorten.ts'
import { version } from '../base/version.ts'
import { toListedTool } from '../tools/listed-tool.ts'
import type { Tool } from '../tools/tool.ts'
import { ToolServer } from './tool-server.ts'
import { toProtocolError, toToolError, toToolResult } from './answer.ts'

export interface ServerParts {
  /** How the server calls itself to clients. */
  readonly name: string
  /** Told to the model once, before any call. */
  readonly instructions: string
  readonly tools: readonly Tool[]
  /** Who is at the other end. */
  readonly actor: Actor
  /** Called with what went wrong inside; the model is told nothing of it. */
  readonly onError: (error: unknown) => void
}

/** How long a client may keep the list of tools; it changes only with a new process. */
const listTtlMs = 3_600_000

/**
 * A factory of protocol servers, one for each connection. The low-level `Server` with a list made
 * once: what is the same for every connection is not computed for each.
 */
export function createServerFactory(parts: ServerParts): () => Server {
  const listed = { tools: parts.tools.map(toListedTool) } as unknown as ListToolsResult
  const byName = new Map(parts.tools.map((tool) => [tool.name, tool]))
  return () => {
    const server = new ToolServer(
      { name: parts.name, version },
      {
        capabilities: { tools: {} },
        instructions: parts.instructions,
        cacheHints: { 'tools/list': { ttlMs: listTtlMs, cacheScope: 'private' } },
      },
    )
    server.setRequestHandler('tools/list', () => listed)
    server.setRequestHandler('tools/call', async ({ params }, { mcpReq }) => {
      const tool = byName.get(params.name)
      if (tool === undefined) throw toProtocolError(unknownTool(params.name, [...byName.keys()]))
      try {
        return toToolResult(
          await tool.run(params.arguments, { signal: mcpReq.signal, actor: parts.actor }),
        )
      } catch (error) {
        parts.onError(error)
        return toToolError(error)
      }
    })
    return server
  }
}

function unknownTool(asked: string, names: readonly string[]): AppError {
  const name = shorten(asked, 100)
  return new AppError('unknown_tool', `There is no tool ${name}.`, {
    hint: `${didYouMean(name, names) ?? ''} Tools: ${names.join(', ')}.`.trim(),
  })
}
