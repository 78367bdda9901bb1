import type { ServerContext } from '@modelcontextprotocol/server'

/** Milliseconds between two reports, and before the first: a quick answer needs none. */
const everyMs = 1000

/**
 * Tells a client that asked for it, by a token, that its call still runs (MCP: progress). How much
 * is left, no engine says.
 */
export function reportProgress({ _meta: meta, notify }: ServerContext['mcpReq']): { end(): void } {
  const token = meta?.progressToken
  if (token === undefined) return { end: () => undefined }
  const started = performance.now()
  const timer = setInterval(() => {
    const progress = Math.round((performance.now() - started) / 1000)
    const params = { progressToken: token, progress, message: `Running for ${progress} s` }
    // A client that has gone is told of by its signal.
    notify({ method: 'notifications/progress', params }).catch(() => undefined)
  }, everyMs)
  return { end: () => clearInterval(timer) }
}
