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
export function watchFiles(watched: Watched): Stop {
  const watching = new Watch(watched)
  watching.lookIn(0)
  return () => watching.stop()
}

class Watch {
  readonly #watched: Watched
  readonly #signals = new Map<string, FSWatcher>()
  #known: Stamps | undefined
  #timer: NodeJS.Timeout | undefined
  /** When the next look is due, as `performance.now()` counts. */
  #due = Number.POSITIVE_INFINITY
  #isLooking = false
  #isStopped = false

  constructor(watched: Watched) {
    this.#watched = watched
  }

  /** The earliest wish counts: signals that never end would put it off for ever. */
  lookIn(ms: number): void {
    const at = performance.now() + ms
    if (this.#isStopped || at >= this.#due) return
    this.#due = at
    // While one looks, the next one waits for its end.
    if (!this.#isLooking) this.#arm()
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
    for (const [path, signal] of this.#signals) this.#forget(path, signal)
  }

  #arm(): void {
    clearTimeout(this.#timer)
    const ms = Math.max(0, this.#due - performance.now())
    this.#timer = setTimeout(() => void this.#look(), ms).unref()
  }

  async #look(): Promise<void> {
    this.#isLooking = true
    this.#due = Number.POSITIVE_INFINITY
    const found = await this.#watched.find().catch(() => undefined)
    if (found !== undefined) await this.#compare(found)
    this.#isLooking = false
    if (this.#isStopped) return
    const isWatched = found !== undefined && this.#signals.size >= found.folders.length
    this.lookIn(isWatched ? lookMs.watched : lookMs.unwatched)
    this.#arm()
  }

  async #compare({ paths, folders }: FoundFiles): Promise<void> {
    // Signals first: what happens from here on is signalled or seen.
    this.#follow(folders)
    const stamps = await stampsOf(this.#watched.folder, paths)
    if (this.#isStopped) return
    if (this.#known !== undefined)
      for (const change of differences(this.#known, stamps)) this.#watched.tell(change)
    this.#known = stamps
  }

  #follow(folders: readonly string[]): void {
    if (this.#isStopped) return
    for (const [path, signal] of this.#signals)
      if (!folders.includes(path)) this.#forget(path, signal)
    for (const path of folders.slice(0, mostWatched))
      if (!this.#signals.has(path)) this.#start(path)
  }

  #start(path: string): void {
    try {
      const signal = watch(path, { persistent: false }, () => this.lookIn(settleMs))
      signal.on('error', () => this.#forget(path, signal))
      this.#signals.set(path, signal)
    } catch {
      // The system has no more to give: then it is looked at now and then.
    }
  }

  #forget(path: string, signal: FSWatcher): void {
    signal.close()
    this.#signals.delete(path)
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
