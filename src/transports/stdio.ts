import type { Writable } from 'node:stream'
import type { Server } from '@modelcontextprotocol/server'
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio'

/** Bytes of one message from a client; a longer one ends the connection. */
const longestMessage = 4 * 1024 * 1024

export interface StdioOptions {
  /** Where the protocol goes: what `takeStdout` gave. */
  readonly stdout: Writable
  readonly signal: AbortSignal
  readonly onError: (error: unknown) => void
}

/** Serves one client over stdin and stdout until it hangs up or the signal comes, then resolves. */
export function listenOnStdio(
  factory: () => Server,
  { stdout, signal, onError }: StdioOptions,
): Promise<void> {
  return new Promise((resolve) => {
    const transport = new Transport(process.stdin, stdout, { maxBufferSize: longestMessage })
    transport.ended = resolve
    const handle = serveStdio(factory, { transport, onerror: onError })
    const end = (): void => void handle.close().then(resolve, resolve)
    process.stdin.once('end', end).once('close', end)
    process.stdout.once('error', end)
    signal.addEventListener('abort', end, { once: true })
    if (signal.aborted) end()
  })
}

/** Tells also when it closed by itself, as it does where a message is too long. */
class Transport extends StdioServerTransport {
  ended: () => void = () => undefined

  override async close(): Promise<void> {
    await super.close()
    this.ended()
  }
}
