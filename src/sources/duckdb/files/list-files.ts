import { readdirSync, realpathSync, statSync, type Dirent } from 'node:fs'
import { join, sep } from 'node:path'
import { AppError } from '../../../base/error.ts'
import { isDataFile } from './kind.ts'
import { depthOf, toMatcher } from './pattern.ts'

/** More files than this are no folder of exports but a store of its own. */
const mostFiles = 1000

export interface FoundFile {
  /** Relative to the root, with `/`. */
  readonly file: string
  readonly stamp: string
}

export interface Listing {
  readonly files: readonly FoundFile[]
  /** Links that lead out of the folder: what lies there was not named. */
  readonly strays: readonly string[]
  readonly version: string
}

/** The data files that match, in the order of their names; hidden ones are left out. */
export function listFiles(root: string, pattern: string): Listing {
  const matches = toMatcher(pattern)
  const home = realOf(root)
  const found = namesUnder(root, '', depthOf(pattern)).filter(
    (file) => isDataFile(file) && matches(file),
  )
  const inside = found.filter((file) => isInside(home, join(root, file)))
  if (inside.length > mostFiles) throw tooMany(inside.length)
  const files = inside.toSorted().flatMap((file) => describe(root, file) ?? [])
  return {
    files,
    strays: found.filter((file) => !inside.includes(file)),
    version: files.map(({ file, stamp }) => `${file}:${stamp}`).join('|'),
  }
}

function realOf(root: string): string {
  try {
    return realpathSync(root)
  } catch (cause) {
    throw new AppError('source_unavailable', 'The folder of the data files is not there.', {
      hint: 'Tell the person who runs the server: `vitrine doctor` says what is wrong.',
      detail: `There is no folder ${root}.`,
      lasting: true,
      cause,
    })
  }
}

function namesUnder(root: string, folder: string, depth: number): string[] {
  return entriesOf(join(root, folder)).flatMap((entry) => {
    if (entry.name.startsWith('.')) return []
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return depth > 0 ? namesUnder(root, path, depth - 1) : []
    return [path]
  })
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

function isInside(home: string, path: string): boolean {
  try {
    return realpathSync(path).startsWith(home.endsWith(sep) ? home : home + sep)
  } catch {
    return false
  }
}

function describe(root: string, file: string): FoundFile | undefined {
  const found = statSync(join(root, file), { throwIfNoEntry: false })
  if (found?.isFile() !== true) return undefined
  return { file, stamp: `${found.size}-${found.mtimeMs}-${found.ino}` }
}

const tooMany = (count: number): AppError =>
  new AppError('source_unavailable', `There are ${count} data files; ${mostFiles} are the most.`, {
    hint: 'The person who runs the server names fewer, by a pattern such as ./exports/2026-*.csv.',
  })
