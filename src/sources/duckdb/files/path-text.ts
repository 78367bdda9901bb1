import { quoteText } from '../quote.ts'

/**
 * A data file's path as a text of SQL that means this one file: DuckDB would take `*` for all files, `~`
 * for the home folder and `file:/x` for a path from the root
 * (https://duckdb.org/docs/stable/data/multiple_files/overview#glob-syntax).
 */
export const pathText = (file: string): string =>
  quoteText(`./${file.replaceAll(/[*?[]/g, (sign) => `[${sign}]`)}`)

/** Whether a path that somebody wrote means the file of that name, and nothing else. */
export const isPlain = (path: string): boolean => !/[*?[]|^~|^\w+:/.test(path)
