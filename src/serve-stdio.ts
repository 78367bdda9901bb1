import type { App } from './app/app.ts'
import { groupNamed } from './app/groups.ts'
import { type Grant, narrow } from './base/actor.ts'
import { createReport } from './base/report.ts'
import type { Peer } from './server/create-server.ts'
import { PlainConnection } from './server/plain-connection.ts'
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
  const { name, callTool, lists, resourceChanges } = app
  const peer = toPeer(app, group)
  const onError = createReport()
  const toolsetOf = createToolsets(app)
  const parts = { name, callTool, toolsetOf, lists, resourceChanges, onError }
  app.serve()
  await listenOnStdio(
    {
      openPlain: (send) => new PlainConnection(parts, peer, send),
      loadLibrary: async () => {
        const { createServerFactory } = await import('./server/create-server.ts')
        const createServer = createServerFactory(parts)
        return () => createServer(peer)
      },
    },
    { ...options, onError },
  )
}

const nothing: Grant = { tools: [], sources: [] }

/** With the claims and the group of the config that holds now; a group that is gone opens nothing. */
function toPeer(app: App, group: string | undefined): Peer {
  if (group !== undefined) groupNamed(app.groups, group)
  return {
    transport: 'stdio',
    get actor() {
      const { localActor, groups } = app
      return group === undefined ? localActor : narrow(localActor, groups.get(group) ?? nothing)
    },
  }
}
