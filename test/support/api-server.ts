import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { WhenDone } from '../../dist/testing/index.js'

export interface ApiServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  readonly port: number
  /** What was asked of it so far. */
  readonly asked: readonly Pick<IncomingMessage, 'method' | 'url' | 'headers'>[]
}

/** An HTTP server of this machine, on a port of its own. */
export async function startApi(
  answer: RequestListener,
  whenDone: WhenDone = onTestFinished,
): Promise<ApiServer> {
  const asked: IncomingMessage[] = []
  const server = createServer((request, response) => {
    asked.push(request)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  whenDone(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, port, asked }
}

/** Answers with a value as JSON. */
export const json =
  (value: unknown, status = 200): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  }
