import type { Writable } from 'node:stream'
import { type App, createApp } from '../app.ts'
import { isConfigPath } from '../config/from-url.ts'
import { serveStdio } from '../serve-stdio.ts'
import { toConfig } from './target.ts'
import { exitCode, type Terminal } from './terminal.ts'

export interface ServeOptions {
  readonly target: string
  /** Where the protocol goes. */
  readonly stdout: Writable
}

/** Serves one client over stdio until it hangs up. */
export async function serve({ target, stdout }: ServeOptions, terminal: Terminal): Promise<number> {
  const ended = new AbortController()
  // A signal that comes after the end finds something that holds the process up.
  const end = (): void => (ended.signal.aborted ? process.exit() : ended.abort())
  process.on('SIGTERM', end).on('SIGINT', end)
  const app = createApp(await toConfig(target))
  let mistaken = false
  // After the handshake, which needs no worker: starting one then warms it for the first question.
  const warming = setTimeout(async () => {
    const reached = await reach(app, terminal, ended.signal)
    // A database named on the command line that is not there is a mistake of whoever named it; one
    // of several in a config is down, and the others are served.
    mistaken = !reached && !isConfigPath(target)
    if (mistaken) ended.abort()
  }, handshakeMs)
  try {
    if (terminal.interactive) terminal.note(`Serving ${target} over stdio. ${waiting}`)
    await serveStdio(app, { stdout, signal: ended.signal })
  } finally {
    clearTimeout(warming)
    ended.abort()
    await app.close()
  }
  return mistaken ? exitCode.usage : exitCode.done
}

const handshakeMs = 200

/** True where every source can be reached; says on stderr which cannot. */
async function reach(app: App, terminal: Terminal, signal: AbortSignal): Promise<boolean> {
  const errors = await app.unreachable(signal)
  for (const [name, { message, detail }] of errors) {
    terminal.note(`vitrine: the source ${name} is not available. ${detail ?? message}`)
  }
  return errors.size === 0
}

const waiting =
  'An MCP client starts this command itself: see `vitrine connect --help`. End with Ctrl-C.'
