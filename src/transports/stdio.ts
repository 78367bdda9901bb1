import type { Writable } from 'node:stream'
import type { Server } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { LineTransport } from './line-transport.ts'

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
    const transport = new LineTransport(process.stdin, stdout, resolve)
    const handle = serveStdio(factory, { transport, onerror: onError })
    const end = (): void => void handle.close().then(resolve, resolve)
    process.stdout.once('error', end)
    signal.addEventListener('abort', end, { once: true })
    if (signal.aborted) end()
  })
}
