import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import type { JSONRPCMessage } from '@modelcontextprotocol/server'
import type { PlainConnection } from '../server/plain-connection.ts'
import { Lines } from './lines.ts'
import { type LibraryParts, SleepingLibrary } from './sleeping-library.ts'

export interface StdioOptions {
  /** Where the protocol goes: what `takeStdout` gave. */
  readonly stdout: Writable
  readonly stdin?: Readable
  readonly signal: AbortSignal
  readonly onError: (error: unknown) => void
}

export interface StdioParts {
  readonly openPlain: (send: (message: JSONRPCMessage) => void) => PlainConnection
  readonly loadLibrary: LibraryParts['load']
}

/** Serves one client over stdin and stdout until it hangs up or the signal comes, then resolves. */
export async function listenOnStdio(
  { openPlain, loadLibrary: load }: StdioParts,
  { stdout, stdin = process.stdin, signal, onError }: StdioOptions,
): Promise<void> {
  const closed = new AbortController()
  const lines: Lines = new Lines(stdin, stdout, {
    onMessage(message) {
      if (!plain.take(message)) library.give(message)
      else if (plain.mayTellMore) library.wake()
    },
    onError,
    onClosed: () => closed.abort(),
  })
  const end = (): void => lines.close()
  const plain = openPlain((message) => void lines.send(message).catch(end))
  const library = new SleepingLibrary({
    load,
    opening: () => plain.handOver(),
    onAwake: () => plain.stopTelling(),
    send: (message) => lines.send(message),
    onEnded: end,
    onError,
  })
  process.stdout.once('error', end)
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  else lines.start()
  if (!closed.signal.aborted) await once(closed.signal, 'abort')
  process.stdout.off('error', end)
  signal.removeEventListener('abort', end)
  plain.close()
  await library.end()
}
