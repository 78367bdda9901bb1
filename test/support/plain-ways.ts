/** A client over stdio of a server that answers by itself what it can, and of the protocol library alone. */
import { EventEmitter, once } from 'node:events'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { onTestFinished } from 'vitest'
import { createServerFactory } from '../../dist/server/create-server.js'
import { PlainConnection } from '../../dist/server/plain-connection.js'
import { createToolsets } from '../../dist/server/toolsets.js'
import { listenOnStdio } from '../../dist/transports/stdio.js'
import { type Change, openTestApp } from './open.ts'
import { makeDatabase } from './scratch.ts'

const ignore = (): void => undefined

export interface Message {
  readonly id?: unknown
  readonly method?: string
  readonly result?: unknown
  readonly error?: unknown
}

/** What one client sends, and all that it is told. */
class Client {
  readonly input = new PassThrough()
  readonly output = new PassThrough()
  readonly told: Message[] = []
  readonly #heard = new EventEmitter()

  constructor() {
    createInterface({ input: this.output }).on('line', (line) => {
      const message = JSON.parse(line) as Message
      this.told.push(message)
      if (message.method === undefined) this.#heard.emit(String(message.id))
    })
  }

  send(...messages: readonly object[]): void {
    for (const message of messages) this.input.write(`${JSON.stringify(message)}\n`)
  }

  /** Ids are asked for once. */
  async answer(id: unknown): Promise<Message> {
    const signal = AbortSignal.timeout(20_000)
    const known = (): Message | undefined =>
      this.told.find((one) => one.id === id && one.method === undefined)
    if (known() === undefined) await once(this.#heard, String(id), { signal })
    return known() ?? {}
  }
}

export function openBothWays(change: Change = {}) {
  const app = openTestApp(makeDatabase('CREATE TABLE t(a); INSERT INTO t VALUES (1)'), change)
  const { name, callTool, lists, resourceChanges, localActor: actor } = app
  const toolsetOf = createToolsets(app)
  const parts = { name, callTool, toolsetOf, lists, resourceChanges, onError: ignore }
  const createServer = createServerFactory(parts)
  const peer = { actor, transport: 'stdio' } as const
  let loaded = 0
  return {
    app,
    loaded: () => loaded,
    /** As it is served: the library on need. */
    short: () => {
      const client = new Client()
      const ending = new AbortController()
      const listening = listenOnStdio(
        {
          openPlain: (send) => new PlainConnection(parts, peer, send),
          loadLibrary: async () => {
            loaded += 1
            return () => createServer(peer)
          },
        },
        { stdin: client.input, stdout: client.output, signal: ending.signal, onError: ignore },
      )
      const close = async (): Promise<void> => {
        ending.abort()
        await listening
      }
      onTestFinished(close)
      return Object.assign(client, { close })
    },
    /** All through the library. */
    long: () => {
      const client = new Client()
      const transport = new StdioServerTransport(client.input, client.output)
      const handle = serveStdio(() => createServer(peer), { transport })
      onTestFinished(() => handle.close())
      return Object.assign(client, { close: () => handle.close() })
    },
  }
}

export const request = (id: number, method: string, params?: object): object => ({
  jsonrpc: '2.0',
  id,
  method,
  ...(params && { params }),
})

export const initialize = (more: object = {}): object =>
  request(0, 'initialize', {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'raw', version: '1' },
    ...more,
  })
export const initialized = { jsonrpc: '2.0', method: 'notifications/initialized' }
export const endless = `WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i) SELECT count(*) FROM i`
export const select = { name: 'query_database', arguments: { query: 'SELECT a FROM t' } }
