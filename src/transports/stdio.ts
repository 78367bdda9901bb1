import { Writable } from 'node:stream'
import type { Server } from '@modelcontextprotocol/server'
import { serveStdio as serve, StdioServerTransport } from '@modelcontextprotocol/server/stdio'

/** Bytes of one message from a client; a longer one ends the connection. */
const longestMessage = 4 * 1024 * 1024

/**
 * Serves one client over stdin and stdout until it hangs up, then resolves. stdout carries the
 * protocol alone: whatever else is printed there goes to stderr from here on.
 */
export function serveStdio(
  factory: () => Server,
  onError: (error: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  const transport = new StdioServerTransport(process.stdin, takeStdout(), {
    maxBufferSize: longestMessage,
  })
  const handle = serve(factory, { transport, onerror: onError })
  return new Promise((resolve) => {
    const end = (): void => void handle.close().then(resolve, resolve)
    process.stdin.once('end', end).once('close', end)
    process.stdout.once('error', end)
    signal.addEventListener('abort', end, { once: true })
    if (signal.aborted) end()
  })
}

function takeStdout(): Writable {
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = process.stderr.write.bind(process.stderr)
  return new Writable({
    decodeStrings: false,
    write: (chunk: string, encoding, done) => void write(chunk, encoding, done),
  })
}
