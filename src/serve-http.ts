import cluster from 'node:cluster'
import { BlockList, isIP } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { App } from './app/app.ts'
import { AppError } from './base/error.ts'
import { createReport, note } from './base/report.ts'
import type { HttpConfig } from './config/config.ts'
import { createHostCheck } from './edge/host.ts'
import { createReadiness } from './edge/readiness.ts'
import type { Metrics } from './edge/telemetry/metrics.ts'
import { createServerFactory } from './server/create-server.ts'
import { createToolsets } from './server/toolsets.ts'
import { toAddress, toMcpUrl } from './transports/http/bind.ts'
import { listenOnHttp } from './transports/http/listen.ts'
import { listenForScrapes } from './transports/http/scrapes.ts'

export interface ServeHttpOptions {
  readonly http: HttpConfig
  /** Aborted when the server shall end: what is under way is still answered. */
  readonly ending: AbortSignal
  /** Aborted where nobody needs the time to turn away. */
  readonly hurried: AbortSignal
  /** Told where it listens. */
  readonly onListening: (url: string) => void
}

/**
 * The app behind door, gates and HTTP: serves until the signal comes. Then /readyz says so while new
 * calls are still taken, for as long as load balancers need to turn away; after that only what is
 * under way is answered.
 */
export async function serveHttp(
  app: App,
  { http, ending, hurried, onListening }: ServeHttpOptions,
): Promise<void> {
  const { name, callTool, lists, resourceChanges, whenIdle } = app
  const address = toAddress(http.listen)
  if (http.auth === undefined && !isLoopback(address.host)) throw openToAll(http.listen)
  const door = await app.createDoor(note)
  const onError = createReport()
  const toolsetOf = createToolsets(app)
  const url = http.url === undefined ? undefined : new URL(http.url)
  const metrics = await serveMetrics(app, http.metrics)
  const listener = await listenOnHttp({
    ...address,
    name,
    door,
    callTool,
    whenIdle,
    toolsetOf,
    groups: () => app.groups,
    resourceChanges,
    lists,
    createServer: createServerFactory({
      name,
      toolsetOf,
      resourceChanges,
      lists,
      callTool,
      onError,
    }),
    checkHost: createHostCheck({
      hosts: [...http.hosts, ...(url === undefined ? [] : [url.hostname])],
      origins: http.origins,
    }),
    legacySse: http.legacySse,
    prefix: url?.pathname.replace(/\/mcp\/?$/, '') ?? '',
    readiness: createReadiness({
      served: () => ({ sources: app.sources.size, required: app.required, wanted: app.wanted }),
      countUnreachable: async (deadline) => (await app.unreachable(deadline)).size,
      ending,
    }),
    onRefused: app.onRefused,
    onAnswered: (route, status) => metrics?.countRequest(route, status),
    onError,
  })
  app.serve()
  void app.resumeJobs()
  onListening(toMcpUrl({ host: address.host, port: listener.port }))
  await aborted(ending)
  await pause(http.drainMs, undefined, { signal: hurried }).catch(() => undefined)
  await listener.close()
}

async function serveMetrics(
  { telemetry }: App,
  listen: string | undefined,
): Promise<Metrics | undefined> {
  if (listen === undefined) return undefined
  const metrics = await telemetry.measure()
  // Where several processes share the port, the one that started them tells the figures of all.
  if (cluster.isPrimary) await listenForScrapes(metrics, toAddress(listen))
  return metrics
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

function isLoopback(host: string | undefined): boolean {
  if (host === undefined) return false
  const family = isIP(host)
  return family === 0 ? host === 'localhost' : loopback.check(host, family === 6 ? 'ipv6' : 'ipv4')
}

const openToAll = (listen: string): AppError =>
  new AppError('config_invalid', `Listening on ${listen} would let anybody in.`, {
    hint: 'Say in http.auth who may call, or listen on 127.0.0.1 behind a proxy that knows.',
  })
