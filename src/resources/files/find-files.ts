import { lstat, opendir, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { Dirent, Stats } from 'node:fs'

/** Files and folders looked at; a folder of more is a store of its own. */
const mostEntries = 5000
const mostDeep = 8

export interface FoundFiles {
  /** Paths relative to the folder, with `/`, in the order of their names. */
  readonly paths: readonly string[]
  /** Absolute paths of the folders that were looked into. */
  readonly folders: readonly string[]
  /** False where there were too many to look at. */
  readonly isWhole: boolean
}

/**
 * The regular files below a folder whose paths match. What is hidden, links to folders, links that lead
 * out, and names that a reader could be misled by are left out; other than by this list no file is
 * opened.
 */
export async function findFiles(
  folder: string,
  matches: (path: string) => boolean,
): Promise<FoundFiles> {
  const home = await realpath(folder)
  const paths: string[] = []
  const folders: string[] = []
  const waiting = ['']
  let left = mostEntries
  for (let below = waiting.shift(); below !== undefined && left > 0; below = waiting.shift()) {
    folders.push(join(home, below))
    const entries = await entriesOf(join(home, below), left)
    left -= entries.length
    for (const entry of entries) {
      if (!isPlain(entry.name)) continue
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory() && depthOf(path) < mostDeep) waiting.push(path)
      else if (matches(path) && (await isFileInside(home, path, entry))) paths.push(path)
    }
  }
  return { paths: paths.toSorted(), folders, isWhole: left > 0 }
}

/** The same for one file that was named, whatever it is called. */
export async function findFile(folder: string, name: string): Promise<FoundFiles> {
  const home = await realpath(folder)
  const found = await lstat(join(home, name)).catch(() => undefined)
  const isThere = found !== undefined && (await isFileInside(home, name, found))
  return { paths: isThere ? [name] : [], folders: [home], isWhole: true }
}

/** So many at most. A folder that is gone meanwhile, or may not be read, holds nothing. */
async function entriesOf(folder: string, most: number): Promise<readonly Dirent[]> {
  const entries: Dirent[] = []
  try {
    for await (const entry of await opendir(folder, { bufferSize: 500 })) {
      entries.push(entry)
      if (entries.length >= most) break
    }
  } catch {
    // What was read before stands.
  }
  return entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))
}

const depthOf = (path: string): number => path.split('/').length

/**
 * Left out: hidden names; those that were no UTF-8 (U+FFFD stands for a part of them); and what turns
 * the direction of writing, breaks a line or looks like a separator.
 */
const isPlain = (name: string): boolean =>
  !name.startsWith('.') &&
  !/[\p{Cc}\p{Cs}\u{FFFD}\u{2028}\u{2029}\u{200E}\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069}\\]/u.test(
    name,
  )

async function isFileInside(home: string, path: string, entry: Dirent | Stats): Promise<boolean> {
  if (entry.isFile()) return true
  if (!entry.isSymbolicLink()) return false
  const real = await realpath(join(home, path)).catch(() => undefined)
  if (real === undefined || !isInside(home, real)) return false
  return (await stat(real).catch(() => undefined))?.isFile() === true
}

/** Both as `realpath` gives them. */
export const isInside = (home: string, real: string): boolean =>
  real.startsWith(home.endsWith(sep) ? home : home + sep)
