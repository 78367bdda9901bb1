import type { JSONRPCMessage, Server, Transport } from '@modelcontextprotocol/server'

export interface LibraryParts {
  /** Loads what makes the server of the connection. */
  readonly load: () => Promise<() => Server>
  /** What the client said before, and was answered; asked once. */
  readonly opening: () => readonly JSONRPCMessage[]
  /** From now on it tells of changes itself. */
  readonly onAwake: () => void
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
  /** Ids of what it is told anew. */
  readonly #told = new Set<unknown>()

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
    const opening = this.#parts.opening()
    for (const message of opening) if ('id' in message) this.#told.add(message.id)
    this.#waiting = [...opening]
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
    for (const message of this.#waiting ?? []) this.onmessage?.(message)
    this.#waiting = undefined
    this.#parts.onAwake()
  }

  send(message: JSONRPCMessage): Promise<void> {
    if ('method' in message || !this.#told.delete(message.id)) return this.#parts.send(message)
    // What was plain is right: a handshake that it refuses is a fault of ours, and no connection.
    if ('error' in message) this.#parts.onEnded()
    return Promise.resolve()
  }

  async close(): Promise<void> {
    this.#parts.onEnded()
  }
}
