import { type Stats, statSync } from 'node:fs'
import { isPattern } from '../sources/duckdb/files/pattern.ts'
import { isDataFile } from '../sources/duckdb/files/kind.ts'
import { isDatabase } from '../sources/duckdb/place.ts'

/**
 * The engine for a path without a scheme: DuckDB for its own files, for data files, and for a folder
 * or a pattern of them; SQLite for any other file, whatever it is called.
 */
export function schemeOfPath(path: string): 'duckdb' | 'sqlite' {
  const found = statOf(path)
  if (found?.isDirectory() === true) return 'duckdb'
  if (found === undefined && isPattern(path)) return 'duckdb'
  if (looksLikeDuckdb(path)) return 'duckdb'
  return found?.isFile() === true && isDuckdbFile(path) ? 'duckdb' : 'sqlite'
}

/** True for a name that ends as a DuckDB database or a data file does. */
export const looksLikeDuckdb = (text: string): boolean =>
  /\.(duckdb|ddb)$/i.test(text) || isDataFile(text)

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

function isDuckdbFile(path: string): boolean {
  try {
    return isDatabase(path)
  } catch {
    return false
  }
}
