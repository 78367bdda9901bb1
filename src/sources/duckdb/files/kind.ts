import { extname } from 'node:path'

export type FileKind = 'csv' | 'tsv' | 'json' | 'parquet'

const kinds: Readonly<Record<string, FileKind>> = {
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.json': 'json',
  '.jsonl': 'json',
  '.ndjson': 'json',
  '.parquet': 'parquet',
}

/** What kind of data a file holds, told by the end of its name. */
export const kindOf = (path: string): FileKind | undefined => kinds[extname(path).toLowerCase()]

export const isDataFile = (path: string): boolean => kindOf(path) !== undefined
