import type { ServerResponse } from 'node:http'
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server'

/** Bytes of answers that a client has not read yet. */
const mostUnread = 16 * 1024 * 1024
/** Milliseconds between comments that keep proxies from closing a quiet stream. */
const keepAliveMs = 15_000

/**
 * The stream of one client of the retired HTTP+SSE transport (MCP 2024-11-05: transports). Answers
 * go out here; what the client sends comes by POST, and is handed to `receive`.
 */
export class SseSession implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: (message: JSONRPCMessage) => void
  readonly #response: ServerResponse
  readonly #endpoint: string
  #keepAlive: NodeJS.Timeout | undefined
  #closed = false

  /** `endpoint` is where the client shall post to. */
  constructor(response: ServerResponse, endpoint: string) {
    this.#response = response
    this.#endpoint = endpoint
  }

  async start(): Promise<void> {
    this.#response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      connection: 'keep-alive',
    })
    this.#response.once('close', () => void this.close())
    this.#write('endpoint', this.#endpoint)
    this.#keepAlive = setInterval(() => this.#response.write(': keep-alive\n\n'), keepAliveMs)
    this.#keepAlive.unref()
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#closed) throw new Error('The stream has ended.')
    this.#write('message', JSON.stringify(message))
    if (this.#response.writableLength > mostUnread) await this.close()
  }

  receive(message: JSONRPCMessage): void {
    this.onmessage?.(message)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    clearInterval(this.#keepAlive)
    this.#response.end()
    this.onclose?.()
  }

  #write(event: string, data: string): void {
    this.#response.write(`event: ${event}\ndata: ${data}\n\n`)
  }
}
