import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Exchange } from './exchange.ts'

/** Lets a handler of web requests answer an exchange whose body has been read. */
export async function passOn(
  { request, response, signal }: Exchange,
  body: string,
  handle: (request: Request) => Promise<Response>,
): Promise<void> {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  const { method = 'GET' } = request
  const sent = method === 'POST' ? { body } : {}
  const answer = await handle(
    new Request('http://localhost/mcp', { method, headers, signal, ...sent }),
  )
  // A stream that has failed meanwhile says so once more when it is cancelled.
  if (response.destroyed) return answer.body?.cancel().catch(() => undefined)
  // Whether the connection is kept is between the client and this server.
  answer.headers.delete('connection')
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  if (answer.body === null) return void response.end()
  response.flushHeaders()
  // A client that goes ends the stream, which the handler sees as its cancel.
  await pipeline(Readable.fromWeb(answer.body), response).catch(() => undefined)
}
