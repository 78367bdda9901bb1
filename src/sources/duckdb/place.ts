import { accessSync, constants, realpathSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { AppError } from '../../base/error.ts'
import { readBytes } from '../../base/read-bytes.ts'
import { missingFile, statOf } from '../missing-file.ts'
import { isPattern, rootOf } from './files/pattern.ts'
import { isDataFile } from './files/kind.ts'

/** Where the rows are: in a database file, or in data files under a folder. */
export type Place =
  | { readonly kind: 'database'; readonly path: string }
  | { readonly kind: 'files'; readonly root: string; readonly pattern: string }

/**
 * What is at `path`, without creating anything: opened plainly, DuckDB would make an empty database
 * out of a mistyped name. Paths are for people; a model is told only that it cannot be read.
 */
export function findPlace(path: string): Place {
  const found = statOf(path)
  if (found?.isDirectory() === true) return { kind: 'files', root: readable(path), pattern: '*' }
  if (found === undefined && isPattern(path)) return ofPattern(path)
  if (found === undefined) throw unavailable('is not there', missingFile(path))
  if (!found.isFile()) throw unavailable('is not a file', `${path} is not a file.`)
  readable(path)
  if (isDataFile(path)) {
    // A link that is named itself may lead anywhere.
    const file = realpathSync(path)
    return { kind: 'files', root: dirname(file), pattern: escaped(basename(file)) }
  }
  if (found.size === 0 || !isDatabase(path)) throw foreign(path)
  return { kind: 'database', path }
}

/** Bytes 8 to 11 of a database file (https://duckdb.org/docs/stable/internals/storage). */
export const isDatabase = (path: string): boolean =>
  readBytes(path, 12).toString('latin1', 8) === 'DUCK'

function ofPattern(path: string): Place {
  const root = rootOf(path)
  if (statOf(root)?.isDirectory() !== true) throw unavailable('is not there', missingFile(root))
  return { kind: 'files', root: readable(root), pattern: path.slice(root.length + 1) }
}

/** A file's own name as a pattern of nothing but itself. */
const escaped = (name: string): string => name.replaceAll(/[[\]*?{}]/g, (sign) => `[${sign}]`)

function readable(path: string): string {
  try {
    accessSync(path, constants.R_OK)
    return path
  } catch {
    throw unavailable('may not be read', `${path} may not be read by this user.`)
  }
}

const foreign = (path: string): AppError =>
  unavailable(
    'is not a DuckDB database',
    `${path} is no DuckDB database, and its name does not end as a data file's does: .csv, .tsv, .json, .jsonl, .ndjson or .parquet.`,
  )

const unavailable = (what: string, detail: string): AppError =>
  new AppError('source_unavailable', `The database or data file ${what}.`, {
    hint: 'Tell the person who runs the server: `vitrine doctor` says what is wrong.',
    detail,
    lasting: true,
  })
