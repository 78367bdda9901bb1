import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

interface Wanted {
  readonly id?: number
  readonly method: string
  readonly params?: { readonly protocolVersion?: string; readonly name?: string }
}

/** A server over HTTP that keeps no session and no stream: another process may answer the next request unnoticed. */
export interface OddHttp {
  readonly url: string
  /** Names of the tools that were called. */
  readonly calls: readonly (string | undefined)[]
  tools: readonly object[]
  /** The stream of an answer is cut before the answer. */
  cutsCalls: boolean
  /** Before the first answer. */
  startMs: number
}

export async function startOddHttp(tools: readonly object[]): Promise<OddHttp> {
  const calls: (string | undefined)[] = []
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void (server.closeAllConnections(), server.close()))
  const { port } = server.address() as AddressInfo
  const odd: OddHttp = {
    url: `http://127.0.0.1:${port}/mcp`,
    calls,
    tools,
    cutsCalls: false,
    startMs: 0,
  }
  const resultOf = ({ method, params }: Wanted): object | undefined => {
    switch (method) {
      case 'initialize':
        return {
          protocolVersion: params?.protocolVersion,
          capabilities: { tools: {} },
          serverInfo: { name: 'odd', version: '0' },
        }
      case 'tools/list':
        return { tools: odd.tools }
      case 'tools/call':
        calls.push(params?.name)
        return { content: [{ type: 'text', text: `ran ${params?.name}` }] }
      default:
        return undefined
    }
  }
  server.on('request', async (request: IncomingMessage, response) => {
    if (request.method !== 'POST') return response.writeHead(405).end()
    const wanted = JSON.parse(await text(request)) as Wanted
    await sleep(odd.startMs)
    odd.startMs = 0
    const result = resultOf(wanted)
    if (wanted.id === undefined) return response.writeHead(202).end()
    if (wanted.method === 'tools/call' && odd.cutsCalls) {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(': here it comes\n\n')
      return setTimeout(() => response.destroy(), 20)
    }
    const error = { code: -32601, message: 'unknown method' }
    response.writeHead(200, { 'content-type': 'application/json' })
    const answer = result === undefined ? { error } : { result }
    return response.end(JSON.stringify({ jsonrpc: '2.0', id: wanted.id, ...answer }))
  })
  return odd
}
