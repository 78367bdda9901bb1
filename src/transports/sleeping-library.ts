import type { JSONRPCMessage, Server, Transport } from '@modelcontextprotocol/server'

export interface LibraryParts {
  /** Loads what makes the server of the connection. */
  readonly load: () => Promise<() => Server>
  /** What the client said before, and was answered; asked once. */
  readonly opening: () => readonly JSONRPCMessage[]
  readonly send: (message: JSONRPCMessage) => Promise<void>
  /** The library has ended the connection, or cannot be had. */
  readonly onEnded: () => void
  readonly onError: (error: unknown) => void
}

/**
 * The protocol library behind a connection, loaded when the first message comes that is for it. It is told of the
 * handshake as if that came now, and what it answers to that is dropped: the client has its answer.
 */
export class SleepingLibrary implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: (message: JSONRPCMessage) => void
  readonly #parts: LibraryParts
  /** Messages that came while it was loaded; undefined before and after that. */
  #waiting: JSONRPCMessage[] | undefined
  #waking: Promise<{ close(): Promise<void> } | undefined> | undefined
  #handshake: unknown

  constructor(parts: LibraryParts) {
    this.#parts = parts
  }

  give(message: JSONRPCMessage): void {
    this.wake()
    if (this.#waiting === undefined) this.onmessage?.(message)
    else this.#waiting.push(message)
  }

  /** Begins to load it, where nothing has. */
  wake(): void {
    if (this.#waking !== undefined) return
    this.#waiting = []
    this.#waking = this.#load().catch((error: unknown) => {
      this.#parts.onError(error)
      this.#parts.onEnded()
      return undefined
    })
  }

  async end(): Promise<void> {
    this.onclose?.()
    await (await this.#waking)?.close()
  }

  async #load(): Promise<{ close(): Promise<void> }> {
    const [{ serveStdio }, createServer] = await Promise.all([
      import('@modelcontextprotocol/server/stdio'),
      this.#parts.load(),
    ])
    return serveStdio(createServer, { transport: this, onerror: this.#parts.onError })
  }

  /** Called by the library, which listens from then on. */
  async start(): Promise<void> {
    const opening = this.#parts.opening()
    const [handshake] = opening
    this.#handshake = handshake && 'id' in handshake ? handshake.id : undefined
    for (const message of [...opening, ...(this.#waiting ?? [])]) this.onmessage?.(message)
    this.#waiting = undefined
  }

  send(message: JSONRPCMessage): Promise<void> {
    const isAnswered = !('method' in message) && message.id === this.#handshake
    if (!isAnswered || this.#handshake === undefined) return this.#parts.send(message)
    this.#handshake = undefined
    if ('error' in message) this.#parts.onEnded()
    return Promise.resolve()
  }

  async close(): Promise<void> {
    this.#parts.onEnded()
  }
}
