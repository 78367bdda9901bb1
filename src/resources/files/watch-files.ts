import { type FSWatcher, watch } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Stop } from '../provider.ts'
import type { FoundFiles } from './find-files.ts'

/** Milliseconds from a sign of a change to the look: an editor writes in several steps. */
const settleMs = 100
/** Milliseconds between looks that nothing called for, with and without signs from the system. */
const lookMs = { watched: 10_000, unwatched: 2000 }
/** Folders that the system is asked about: each takes one of the handles that it has. */
const mostWatched = 200
/** Changed files told of at one look. */
const mostTold = 1000

export type FileChange = 'list' | { readonly path: string }

interface Watched {
  readonly folder: string
  readonly find: () => Promise<FoundFiles>
  readonly tell: (change: FileChange) => void
}

/**
 * Tells when files come, go or change. What the system signals is only a reason to look; what changed is
 * found by comparing, so that a signal that is lost, doubled or false does no harm.
 */
export function watchFiles({ folder, find, tell }: Watched): Stop {
  const signals = new Map<string, FSWatcher>()
  let known: Stamps | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const lookIn = (ms: number): void => {
    if (stopped) return
    clearTimeout(timer)
    timer = setTimeout(() => void look(), ms).unref()
  }
  const look = async (): Promise<void> => {
    const found = await find().catch(() => undefined)
    if (stopped) return
    if (found !== undefined) {
      const stamps = await stampsOf(folder, found.paths)
      if (stopped) return
      if (known !== undefined) for (const change of differences(known, stamps)) tell(change)
      known = stamps
      follow(found.folders)
    }
    lookIn(
      found !== undefined && signals.size === found.folders.length
        ? lookMs.watched
        : lookMs.unwatched,
    )
  }
  const follow = (folders: readonly string[]): void => {
    for (const [path, signal] of signals) if (!folders.includes(path)) forget(path, signal)
    for (const path of folders.slice(0, mostWatched)) {
      if (!signals.has(path)) start(path)
    }
  }
  const start = (path: string): void => {
    try {
      const signal = watch(path, { persistent: false }, () => lookIn(settleMs))
      signal.on('error', () => forget(path, signal))
      signals.set(path, signal)
    } catch {
      // The system has no more to give: then it is looked at now and then.
    }
  }
  const forget = (path: string, signal: FSWatcher): void => {
    signal.close()
    signals.delete(path)
  }

  void look()
  return () => {
    stopped = true
    clearTimeout(timer)
    for (const [path, signal] of signals) forget(path, signal)
  }
}

type Stamps = ReadonlyMap<string, string>

async function stampsOf(folder: string, paths: readonly string[]): Promise<Stamps> {
  const stamps = new Map<string, string>()
  for (const path of paths) {
    const found = await stat(join(folder, path)).catch(() => undefined)
    if (found !== undefined) stamps.set(path, `${found.size}-${found.mtimeMs}-${found.ino}`)
  }
  return stamps
}

function differences(before: Stamps, now: Stamps): FileChange[] {
  const paths = new Set([...before.keys(), ...now.keys()])
  const changed = [...paths].filter((path) => before.get(path) !== now.get(path))
  const isOtherList = changed.some((path) => !before.has(path) || !now.has(path))
  return [
    ...(isOtherList ? (['list'] as const) : []),
    ...changed.slice(0, mostTold).map((path) => ({ path })),
  ]
}
