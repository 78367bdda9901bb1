import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { type Address, bind } from './bind.ts'
import type { HttpParts } from './parts.ts'
import { createRoutes } from './routes.ts'

/** Bounds of every connection; a proxy in front keeps its own below these. */
const bounds = {
  /** Bytes of all headers of a request. */
  maxHeaderSize: 16 * 1024,
  /** Milliseconds until a request is whole, headers and body; a connection that sends nothing ends then too. */
  headersTimeout: 10_000,
  requestTimeout: 10_000,
  /** Milliseconds a connection is kept between requests: longer than proxies keep theirs, which is a minute. */
  keepAliveTimeout: 75_000,
  /** How often the two above are looked at. */
  connectionsCheckingInterval: 2000,
}
/** Milliseconds between two looks at an answer that is on its way: where none of it was taken, its connection ends. */
const stalledMs = 15_000
/** Connections that are open at a time, busy and idle ones. */
const mostConnections = 2000
/** Milliseconds that calls in flight have when the server ends. */
const graceMs = 15_000
/** Milliseconds for an answer to leave. */
const flushMs = 100

export interface ListenOptions extends HttpParts, Address {
  /** Resolves when no call runs. */
  readonly whenIdle: () => Promise<void>
}

export interface HttpListener {
  readonly port: number
  /** Takes no more connections, lets the calls in flight end within their time, and ends the rest. */
  close(): Promise<void>
}

/** Serves over HTTP from now on. */
export async function listenOnHttp({
  host,
  port,
  whenIdle,
  ...parts
}: ListenOptions): Promise<HttpListener> {
  const routes = createRoutes(parts)
  const server = createServer(bounds, (request, response) => {
    if (!server.listening) response.setHeader('connection', 'close')
    // A call that takes long is silent as well, but has nothing that waits to be read.
    response.on('timeout', (socket: Socket) => {
      if (socket.writableLength > 0) socket.destroy()
    })
    void routes.handle(request, response)
  })
  server.maxConnections = mostConnections
  server.timeout = stalledMs
  return {
    port: await bind(server, { host, port }),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      const idle = setInterval(() => server.closeIdleConnections(), 50)
      await atMost(graceMs, whenIdle())
      // Streams that only wait for something to happen end now; answers are on their way.
      await pause(flushMs)
      await routes.close()
      await atMost(flushMs * 10, closed)
      clearInterval(idle)
      server.closeAllConnections()
      await closed
    },
  }
}

const atMost = (ms: number, work: Promise<unknown>): Promise<unknown> =>
  Promise.race([work, pause(ms, undefined, { ref: false })])
