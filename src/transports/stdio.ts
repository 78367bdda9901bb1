import { Writable } from 'node:stream'
import type { Server } from '@modelcontextprotocol/server'
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio'

/** Bytes of one message from a client; a longer one ends the connection. */
const longestMessage = 4 * 1024 * 1024

/**
 * Serves one client over stdin and stdout until it hangs up, then resolves. stdout carries the
 * protocol alone: whatever else is printed there goes to stderr from here on.
 */
export function listenOnStdio(
  factory: () => Server,
  onError: (error: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const transport = new Transport(process.stdin, takeStdout(), { maxBufferSize: longestMessage })
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

function takeStdout(): Writable {
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = process.stderr.write.bind(process.stderr)
  return new Writable({
    decodeStrings: false,
    write: (chunk: string, encoding, done) => void write(chunk, encoding, done),
  })
}
