import { accessSync, constants } from 'node:fs'
import { AppError } from '../../base/error.ts'
import { readBytes } from '../../base/read-bytes.ts'
import { missingFile, statOf } from '../missing-file.ts'

/** The first bytes of every SQLite 3 file (https://sqlite.org/fileformat2.html). */
const magic = 'SQLite format 3\0'

/**
 * Makes sure that there is a SQLite database at `path`, and creates nothing: opened read-write,
 * SQLite would make an empty database out of a mistyped name. Paths are for people: a model is told
 * only that it cannot be read.
 */
export function locate(path: string): void {
  const file = statOf(path)
  if (file === undefined) throw unavailable('is not there', missingFile(path))
  if (!file.isFile()) throw unavailable('is not a file', `${path} is not a file.`)
  if (file.size > 0 && firstBytes(path) !== magic) {
    throw unavailable(
      'is not a SQLite database, or it is encrypted',
      `${path} is another kind of file, or an encrypted database, which needs its own driver.`,
    )
  }
}

function firstBytes(path: string): string {
  try {
    accessSync(path, constants.R_OK)
  } catch {
    throw unavailable('may not be read', `${path} may not be read by this user.`)
  }
  return readBytes(path, magic.length).toString('latin1')
}

const unavailable = (what: string, detail: string): AppError =>
  new AppError('source_unavailable', `The database file ${what}.`, {
    hint: 'Tell the person who runs the server: `vitrine doctor` says what is wrong.',
    detail,
    lasting: true,
  })
