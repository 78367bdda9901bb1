import type { App } from './app/app.ts'
import { groupNamed } from './app/groups.ts'
import { narrow } from './base/actor.ts'
import { createReport } from './base/report.ts'
import { createServerFactory } from './server/create-server.ts'
import { createToolsets } from './server/toolsets.ts'
import { listenOnStdio, type StdioOptions } from './transports/stdio.ts'

export interface ServeStdioOptions extends Omit<StdioOptions, 'onError'> {
  /** Serves this group alone. */
  readonly group?: string | undefined
}

/** The app behind the protocol: serves one client over stdio until it hangs up or the signal comes. */
export async function serveStdio(
  app: App,
  { group, ...options }: ServeStdioOptions,
): Promise<void> {
  const { name, localActor, callTool, lists, resourceChanges } = app
  const actor = group === undefined ? localActor : narrow(localActor, groupNamed(app.groups, group))
  const onError = createReport()
  const toolsetOf = createToolsets(app)
  const createServer = createServerFactory({
    name,
    toolsetOf,
    lists,
    resourceChanges,
    callTool,
    onError,
  })
  app.serve()
  await listenOnStdio(() => createServer({ actor, transport: 'stdio' }), { ...options, onError })
}
