import { createServer } from 'node:http'
import type { Metrics } from '../../edge/telemetry/metrics.ts'
import { type Address, bind } from './bind.ts'

const bounds = { requestTimeout: 5000, headersTimeout: 5000 }
/** Each scraper asks every few seconds at most. */
const mostConnections = 20

/**
 * Serves the figures on an address of their own: they are for those who run the server, not for its
 * clients. Lasts as long as the process, and never holds it up.
 *
 * @returns the port
 */
export function listenForScrapes(
  metrics: Pick<Metrics, 'read'>,
  address: Address,
): Promise<number> {
  const server = createServer(bounds, (request, response) => {
    const isServed = request.method === 'GET' && request.url === '/metrics'
    if (!isServed) return response.writeHead(404).end()
    metrics.read().then(
      ({ text, type }) => response.writeHead(200, { 'content-type': type }).end(text),
      () => response.writeHead(500).end(),
    )
  })
  server.maxConnections = mostConnections
  return bind(server.unref(), address)
}
