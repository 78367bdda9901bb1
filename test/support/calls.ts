import type { App } from '../../dist/app/app.js'
import { createToolsets } from '../../dist/server/toolsets.js'
import type { CallOrigin, Reply } from '../../dist/tools/call.js'
import { missingTool } from '../../dist/tools/missing-tool.js'
import { openTestApp } from './open.ts'
import { makeDatabase } from './scratch.ts'

export interface CallableApp {
  readonly app: App
  /** Asks `query_database`, through all gates of the app. */
  readonly call: (query: string, origin?: Partial<CallOrigin>) => Promise<Reply>
  /** Asks a tool that is not there. */
  readonly callMissing: (name: string) => Promise<Reply>
}

/** An app over a database of its own. */
export function openCallableApp(sql: string): CallableApp {
  const app = openTestApp(makeDatabase(sql))
  const { tools } = createToolsets(app)(app.localActor)
  const tool = tools.get('query_database')
  if (tool === undefined) throw new Error('There is no query_database.')
  const origin: CallOrigin = {
    transport: 'http',
    requestId: 7,
    protocolVersion: '2026-07-28',
  }
  const context = { signal: AbortSignal.timeout(20_000), actor: app.localActor }
  return {
    app,
    call: (query, change) =>
      app.callTool({ tool, arguments: { query }, context, origin: { ...origin, ...change } }),
    callMissing: (name) =>
      app.callTool({ tool: missingTool(name, []), arguments: {}, context, origin }),
  }
}
