import { watch } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { App } from '../app/app.ts'
import { toolMaker } from '../app/open-app.ts'
import { toAppError } from '../base/error.ts'
import { isConfig, toConfig } from './target.ts'

type Prepared = Pick<App, 'brokenTools' | 'dropTools' | 'tools'>

export interface ReloadOptions {
  readonly app: App
  readonly target: string
  /** What `stampOf` said before the config was read that is served. */
  readonly stamp: string | undefined
  /** Aborted when the server ends. */
  readonly signal: AbortSignal
  /** Is given what is about to be served; where it rejects, that is not. */
  readonly prepare: (next: Prepared) => Promise<void>
  /** Called when another config is served. */
  readonly onServed: () => void
  readonly note: (text: string) => void
}

/** Milliseconds after a change: whoever writes a file may not be done with it. */
const settleMs = 200

/**
 * Serves the config anew when its file changes; gives what does the same at once. A config that is not right
 * changes nothing, and it is said what is wrong.
 */
export function takeReloads(options: ReloadOptions): () => void {
  const { target, signal } = options
  if (!isConfig(target)) return () => undefined
  const path = resolve(target)
  let wanted = false
  let running: Promise<void> | undefined
  const run = async (): Promise<void> => {
    while (wanted && !signal.aborted) {
      wanted = false
      await reload(path, options)
    }
  }
  const ask = (): void => {
    wanted = true
    running ??= run().finally(() => (running = undefined))
  }
  watchFile(path, options, ask)
  return ask
}

async function reload(path: string, options: ReloadOptions): Promise<void> {
  const { app, prepare, onServed, note } = options
  try {
    const config = await toConfig(path)
    const later = await app.reload(config, await toolMaker(config), prepare)
    const rest = later.length === 0 ? '' : ` At the next start: ${later.join(', ')}.`
    note(`vitrine: the config was read anew.${rest}`)
    onServed()
  } catch (thrown) {
    const { message, hint } = toAppError(thrown)
    note(`vitrine: the config is not right, and what was served goes on.\n${message}\n${hint}`)
  }
}

/** Watches the folder: editors and orchestrators put another file, or another link, in the place of the first. */
function watchFile(
  path: string,
  { stamp: known, signal, note }: ReloadOptions,
  onChange: () => void,
): void {
  let last = known
  let looking = false
  const look = async (): Promise<void> => {
    if (looking) return
    looking = true
    await pause(settleMs, undefined, { signal }).catch(() => undefined)
    looking = false
    const stamp = await stampOf(path)
    if (stamp === last || stamp === undefined) return
    last = stamp
    onChange()
  }
  try {
    const watcher = watch(dirname(path), { persistent: false }, () => void look())
    watcher.on('error', () => watcher.close())
    signal.addEventListener('abort', () => watcher.close(), { once: true })
  } catch {
    note(`vitrine: ${path} cannot be watched; SIGHUP has it read anew.`)
  }
  // It may have changed since it was read.
  void look()
}

/** What a file looks like from outside; undefined where there is none, as for a moment while it is replaced. */
export const stampOf = (path: string): Promise<string | undefined> =>
  stat(path).then(
    ({ ino, size, mtimeMs }) => [ino, size, mtimeMs].join(' '),
    () => undefined,
  )
