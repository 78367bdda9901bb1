import type { App } from './app/app.ts'
import { createReport } from './base/report.ts'
import { createServerFactory } from './server/create-server.ts'
import { createToolsets } from './server/toolsets.ts'
import { listenOnStdio, type StdioOptions } from './transports/stdio.ts'

/** The app behind the protocol: serves one client over stdio until it hangs up or the signal comes. */
export async function serveStdio(app: App, options: Omit<StdioOptions, 'onError'>): Promise<void> {
  const { name, localActor: actor, callTool } = app
  const onError = createReport()
  const toolsetOf = createToolsets(app)
  const createServer = createServerFactory({ name, toolsetOf, callTool, onError })
  await listenOnStdio(() => createServer({ actor, transport: 'stdio' }), { ...options, onError })
}
