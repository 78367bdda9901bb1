import type { ServerResponse } from 'node:http'
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server'

/** Bytes of answers that a client has not read yet when the next one comes. */
const mostUnread = 4 * 1024 * 1024
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
    })
    this.#response.once('close', () => void this.close())
    this.#write('endpoint', this.#endpoint)
    this.#keepAlive = setInterval(() => this.#response.write(': keep-alive\n\n'), keepAliveMs)
    this.#keepAlive.unref()
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#closed) throw new Error('The stream has ended.')
    if (this.#response.writableLength > mostUnread) return this.#breakOff()
    this.#write('message', JSON.stringify(message))
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

  /** An end in order would wait for a reader that does not read. */
  async #breakOff(): Promise<void> {
    await this.close()
    this.#response.destroy()
  }

  #write(event: string, data: string): void {
    this.#response.write(`event: ${event}\ndata: ${data}\n\n`)
  }
}
