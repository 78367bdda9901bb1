import {
  accessSync,
  constants,
  openSync,
  closeSync,
  readSync,
  readdirSync,
  statSync,
} from 'node:fs'
import { basename, dirname } from 'node:path'
import { AppError } from '../../base/error.ts'
import { didYouMean } from '../../base/nearest.ts'

/** The first bytes of every SQLite 3 file (https://sqlite.org/fileformat2.html). */
const magic = 'SQLite format 3\0'

/**
 * Makes sure that there is a SQLite database at `path`, and creates nothing: opened read-write,
 * SQLite would make an empty database out of a mistyped name.
 */
export function locate(path: string): void {
  const file = statSync(path, { throwIfNoEntry: false })
  if (file === undefined) throw missing(path)
  if (!file.isFile()) throw unavailable(`${path} is not a file.`)
  if (file.size > 0 && firstBytes(path) !== magic) {
    throw unavailable(
      `${path} is not a SQLite database.`,
      'It is another kind of file, or an encrypted database, which needs its own driver.',
    )
  }
}

function missing(path: string): AppError {
  const folder = dirname(path)
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) {
    return unavailable(`There is no folder ${folder}.`)
  }
  return unavailable(
    `There is no file ${path}.`,
    didYouMean(basename(path), namesIn(folder)) ?? `Name a SQLite file; nothing was created.`,
  )
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function firstBytes(path: string): string {
  try {
    accessSync(path, constants.R_OK)
  } catch {
    throw unavailable(`${path} may not be read by this user.`, 'Give the user read access to it.')
  }
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(magic.length)
    readSync(file, bytes, 0, bytes.length, 0)
    return bytes.toString('latin1')
  } finally {
    closeSync(file)
  }
}

const unavailable = (message: string, hint?: string): AppError =>
  new AppError('source_unavailable', message, { hint })
