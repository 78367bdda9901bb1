import type { Readable, Writable } from 'node:stream'
import type { JSONRPCMessage } from '@modelcontextprotocol/server'
import { readMessage, type Rejection } from './read-message.ts'

/** Bytes of one message from a client; a longer one ends the connection. */
const longestMessage = 4 * 1024 * 1024
/** Milliseconds for calls in flight when the client hangs up, as it does that pipes in its questions. */
const graceMs = 2000

const newline = 0x0a

export interface LineListener {
  readonly onMessage: (message: JSONRPCMessage) => void
  readonly onError: (error: Error) => void
  /** Told once, whoever ends it. */
  readonly onClosed: () => void
}

/**
 * A message on a line in both directions. A line that is no message is answered as JSON-RPC says;
 * while the client reads no answers, none of its questions are read.
 */
export class Lines {
  readonly #input: Readable
  readonly #output: Writable
  readonly #hears: LineListener
  /** Ids of requests that are not answered yet. */
  readonly #open = new Set<unknown>()
  /** The beginning of a line whose end has not come. */
  #parts: Buffer[] = []
  #bytes = 0
  #state: 'open' | 'hung up' | 'closed' = 'open'

  constructor(input: Readable, output: Writable, hears: LineListener) {
    this.#input = input
    this.#output = output
    this.#hears = hears
  }

  /** Begins to read. */
  start(): void {
    this.#input.on('data', this.#read).on('error', this.#fail)
    this.#input.once('end', this.#hangUp).once('close', this.#hangUp)
    this.#output.on('error', this.#fail).on('drain', this.#resume)
    if (this.#input.readableEnded || this.#input.destroyed) setImmediate(this.#hangUp)
  }

  send(message: JSONRPCMessage | Rejection): Promise<void> {
    if (!('method' in message)) this.#settle(message.id)
    return new Promise((resolve, reject) => {
      const done = (error: Error | null | undefined): void => (error ? reject(error) : resolve())
      if (!this.#output.write(`${JSON.stringify(message)}\n`, done)) this.#input.pause()
    })
  }

  close(): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#parts = []
    this.#input.off('data', this.#read).pause()
    this.#hears.onClosed()
  }

  readonly #read = (chunk: Buffer): void => {
    let start = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      this.#keep(chunk.subarray(start, end))
      start = end + 1
      if (this.#state === 'closed') return
      this.#take(Buffer.concat(this.#parts.splice(0)).toString())
      this.#bytes = 0
    }
    this.#keep(chunk.subarray(start))
  }

  #keep(part: Buffer): void {
    this.#bytes += part.length
    if (this.#bytes > longestMessage) this.#fail(new Error('A message is longer than 4 MB.'))
    else if (part.length > 0) this.#parts.push(part)
  }

  #take(line: string): void {
    const { message, rejection } = readMessage(line)
    if (rejection !== undefined) this.send(rejection).catch(this.#fail)
    if (message === undefined) return
    if ('method' in message && 'id' in message) this.#open.add(message.id)
    this.#hears.onMessage(message)
    if ('method' in message && message.method === 'notifications/cancelled')
      this.#settle(message.params?.['requestId'])
  }

  #settle(id: unknown): void {
    this.#open.delete(id)
    // After the answer itself has gone out.
    if (this.#state === 'hung up' && this.#open.size === 0) setImmediate(() => this.close())
  }

  readonly #hangUp = (): void => {
    if (this.#state !== 'open') return
    this.#state = 'hung up'
    if (this.#open.size === 0) this.close()
    else setTimeout(() => this.close(), graceMs).unref()
  }

  readonly #resume = (): void => {
    if (this.#state === 'open') this.#input.resume()
  }

  readonly #fail = (error: Error): void => {
    if (this.#state === 'closed') return
    this.#hears.onError(error)
    this.close()
  }
}
