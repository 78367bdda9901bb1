import type { App } from './app.ts'
import { AppError } from './base/error.ts'
import { createServerFactory } from './server/create-server.ts'
import { createToolsets } from './server/toolsets.ts'
import { listenOnStdio, type StdioOptions } from './transports/stdio.ts'

/** The app behind the protocol: serves one client over stdio until it hangs up or the signal comes. */
export async function serveStdio(
  { name, sources, localActor: actor, callTool }: App,
  options: Omit<StdioOptions, 'onError'>,
): Promise<void> {
  const toolsetOf = createToolsets(sources)
  const createServer = createServerFactory({ name, toolsetOf, callTool, onError: report })
  await listenOnStdio(() => createServer({ actor, transport: 'stdio' }), {
    ...options,
    onError: report,
  })
}

/** Faults of ours, with what lies under them, go to stderr; what a caller did wrong is answered, not logged. */
function report(error: unknown): void {
  if (error instanceof AppError && error.code !== 'internal') return
  const shown = error instanceof AppError ? (error.cause ?? error) : error
  const text = shown instanceof Error ? (shown.stack ?? shown.message) : String(shown)
  process.stderr.write(`vitrine: ${text}\n`)
}
