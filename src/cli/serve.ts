import type { Writable } from 'node:stream'
import { openApp } from '../app/open-app.ts'
import { serveStdio } from '../serve-stdio.ts'
import { takeEndSignals } from './end-signals.ts'
import { leaveOutBroken } from './leave-out-broken.ts'
import { noteUnreachable } from './note-unreachable.ts'
import { stampOf, takeReloads } from './reload.ts'
import { isConfig, toConfig } from './target.ts'
import { exitCode, type Terminal } from './terminal.ts'

export interface ServeOptions {
  readonly target: string
  /** Serves this group of the config alone. */
  readonly group?: string | undefined
  /** Where the protocol goes. */
  readonly stdout: Writable
}

/** Serves one client over stdio until it hangs up. */
export async function serve(
  { target, group, stdout }: ServeOptions,
  terminal: Terminal,
): Promise<number> {
  const { ending } = takeEndSignals()
  const ended = new AbortController()
  const signal = AbortSignal.any([ending, ended.signal])
  const stamp = await stampOf(target)
  const app = await openApp(await toConfig(target))
  let mistaken = false
  // After the handshake, which needs no worker: starting one then warms it for the first question.
  const warming = setTimeout(async () => {
    const errors = await noteUnreachable(app, signal, terminal)
    // A database named on the command line that is not there is a mistake of whoever named it. One
    // that is locked or down comes back, and a config may have others.
    mistaken = !isConfig(target) && [...errors.values()].some(({ lasting }) => lasting)
    if (mistaken) ended.abort()
  }, handshakeMs)
  try {
    if (terminal.interactive) terminal.note(`Serving ${target} over stdio. ${waiting}`)
    const note = (text: string): void => terminal.note(text)
    await leaveOutBroken(app, signal, note)
    takeReloads({
      app,
      target,
      stamp,
      signal,
      note,
      prepare: (next) => leaveOutBroken(next, signal, note),
      onServed: () => void noteUnreachable(app, signal, terminal),
    })
    await serveStdio(app, { stdout, signal, group })
  } finally {
    clearTimeout(warming)
    ended.abort()
    await app.close()
  }
  return mistaken ? exitCode.usage : exitCode.done
}

const handshakeMs = 200

const waiting =
  'An MCP client starts this command itself: see `vitrine connect --help`. End with Ctrl-C.'
