import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { WhenDone } from '../../dist/testing/index.js'
import { freePort } from '../support/free-port.ts'
import { type HttpServer, startHttpServer } from '../support/http-server.ts'
import { startNginx } from '../support/nginx.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { tokenFile } from './tokens.ts'

export interface Replica {
  server: HttpServer
  readonly metrics: URL
  /** Starts it again on its port. */
  start(): Promise<void>
}

async function startReplica(
  database: string,
  whenDone: WhenDone,
): Promise<Replica & { readonly port: number }> {
  const [port, metricsPort] = [await freePort(), await freePort()]
  const folder = scratchFolder(whenDone)
  const config = join(folder, 'vitrine.yaml')
  writeFileSync(join(folder, 'tokens.yaml'), tokenFile(), { mode: 0o600 })
  writeFileSync(
    config,
    `sources: { shop: { url: 'sqlite:${database}', limits: { timeout: 60s } } }
http:
  url: https://data.example/mcp
  auth: { tokens: ./tokens.yaml, proxy: { from: [127.0.0.1], tools: all, sources: all } }
  drain: 500ms
  legacy_sse: true
  metrics: 127.0.0.1:${metricsPort}
`,
  )
  const start = (): Promise<HttpServer> =>
    startHttpServer(config, { address: `127.0.0.1:${port}`, whenDone })
  const replica = {
    port,
    server: await start(),
    metrics: new URL(`http://127.0.0.1:${metricsPort}/metrics`),
    async start() {
      replica.server = await start()
    },
  }
  return replica
}

export interface Deployed {
  /** Of /mcp, as clients see it. */
  readonly url: URL
  readonly replicas: readonly Replica[]
}

/** Two replicas behind nginx. */
export async function deploy(whenDone: WhenDone = onTestFinished): Promise<Deployed> {
  const path = join(scratchFolder(whenDone), 'test.db')
  makeDatabase('CREATE TABLE orders (id INTEGER); INSERT INTO orders VALUES (1)', path)
  const replicas = [await startReplica(path, whenDone), await startReplica(path, whenDone)]
  const ports = replicas.map(({ port }) => port)
  return { url: await startNginx(ports, whenDone), replicas }
}

const inFlight = /vitrine_calls_in_flight (\d+)/
/** Calls that a replica has answered since it was started. */
export const answered = /vitrine_http_requests_total\{route="\/mcp",status="200"\} (\d+)/

export const read = async ({ metrics }: Replica, figure: RegExp): Promise<number> =>
  Number(figure.exec(await (await fetch(metrics)).text())?.[1] ?? 0)

export async function callsInFlight(replicas: readonly Replica[]): Promise<number> {
  const counts = await Promise.all(replicas.map((replica) => read(replica, inFlight)))
  return counts.reduce((sum, count) => sum + count, 0)
}
