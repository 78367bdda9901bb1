import type { DuckDBConnection } from '@duckdb/node-api'
import { quoteName, quoteText } from '../quote.ts'
import { inspectCsv, type Inspected, Unreadable } from './inspect-csv.ts'
import { kindOf } from './kind.ts'
import type { DataFile, Layout } from './layout.ts'
import type { FoundFile, Listing } from './list-files.ts'
import { pathText } from './path-text.ts'
import { tableNames } from './table-names.ts'

export interface Inspection {
  readonly root: string
  readonly listing: Listing
  readonly known: Layout | undefined
}

/** One file that takes long must not take the others with it: all of them have a minute. */
const fileMs = 20_000
const allMs = 45_000
const tooSlow = 'to look into it took too long'

/** Looks into every file that is new or changed; one that cannot be read is one table less. */
export async function inspectFiles(
  connection: DuckDBConnection,
  { root, listing, known }: Inspection,
): Promise<Layout> {
  const names = tableNames(listing.files.map(({ file }) => file))
  const before = new Map(
    known?.files
      .filter(({ flaw }) => flaw !== tooSlow)
      .map((file) => [`${file.file}:${file.stamp}`, file]),
  )
  const end = Date.now() + allMs
  const files: DataFile[] = []
  for (const [index, found] of listing.files.entries()) {
    const table = names[index] ?? found.file
    const same = before.get(`${found.file}:${found.stamp}`)
    files.push(
      same === undefined
        ? await inspectFile(connection, { root, found, table, end })
        : { ...same, table },
    )
  }
  return { version: listing.version, files }
}

interface Subject {
  readonly root: string
  readonly found: FoundFile
  readonly table: string
  /** When the time for all files is over. */
  readonly end: number
}

async function inspectFile(
  connection: DuckDBConnection,
  { root, found, table, end }: Subject,
): Promise<DataFile> {
  const base = { table, file: found.file, stamp: found.stamp }
  const left = Math.min(fileMs, end - Date.now())
  if (left <= 0) return { ...base, select: undefined, rows: null, note: undefined, flaw: tooSlow }
  const timer = setTimeout(() => connection.interrupt(), left)
  try {
    const { select, rows, note } = await inspect(connection, { root, file: found.file })
    return { ...base, select, rows, note, flaw: undefined }
  } catch (error) {
    return { ...base, select: undefined, rows: null, note: undefined, flaw: flawOf(error) }
  } finally {
    clearTimeout(timer)
  }
}

function flawOf(error: unknown): string {
  const { message } = error as Error
  if (/^INTERRUPT Error/i.test(message)) return tooSlow
  return error instanceof Unreadable ? message : firstLine(message)
}

/** Half a sentence: ours goes on with a full stop. */
const firstLine = (message: string): string =>
  (message.replace(/^[\w ]+ Error: /, '').split('\n')[0] ?? message).replace(/[\s.]+$/, '')

async function inspect(
  connection: DuckDBConnection,
  { root, file }: { root: string; file: string },
): Promise<Inspected> {
  const count = async (sql: string): Promise<number[][]> => {
    const rows = (await connection.runAndReadAll(sql)).getRows()
    return rows.map((row) => row.map(Number))
  }
  const kind = kindOf(file)
  if (kind === 'csv' || kind === 'tsv') return inspectCsv({ root, file }, count)
  if (kind === 'parquet') {
    const from = `read_parquet(${pathText(file)}, hive_partitioning = false)`
    const [[rows = 0] = []] = await count(`SELECT count(*) FROM ${from}`)
    return { select: `SELECT * FROM ${from}`, rows, note: undefined }
  }
  return inspectJson(connection, file)
}

/** The whole file tells its columns: what is sampled would fail on the first value that is other. */
async function inspectJson(connection: DuckDBConnection, file: string): Promise<Inspected> {
  const sampled = `read_json(${pathText(file)}, sample_size = -1, hive_partitioning = false)`
  const described = await connection.runAndReadAll(`DESCRIBE FROM ${sampled}`)
  const columns = described
    .getRows()
    .map(([name, type]) => ({ name: String(name), type: String(type) }))
  if (columns.length === 1 && columns[0]?.name === 'json') {
    return { select: `SELECT json FROM ${sampled}`, rows: null, note: undefined }
  }
  const types = columns.map(({ name, type }) => `${quoteText(name)}: ${quoteText(type)}`)
  const from = `read_json(${pathText(file)}, columns = {${types.join(', ')}}, hive_partitioning = false)`
  const [[rows = null] = []] = (
    await connection.runAndReadAll(`SELECT count(*) FROM ${from}`)
  ).getRows()
  const names = columns.map(({ name }) => quoteName(name)).join(', ')
  return {
    select: `SELECT ${names} FROM ${from}`,
    rows: rows === null ? null : Number(rows),
    note: undefined,
  }
}
