import type { Connection } from './connection.ts'

/** What only the engine knows, for `vitrine doctor`. */
export interface EngineFacts {
  readonly version: string
  readonly encoding: string
  readonly journalMode: string
  readonly pageCount: number
  readonly pageSize: number
  /** The first problem of PRAGMA quick_check, or `ok`; undefined where the file is too large to read whole. */
  readonly check: string | undefined
}

const mostCheckedBytes = 1e9

export function describeEngine(connection: Connection): EngineFacts {
  const read = (sql: string): unknown =>
    Object.values((connection.database.prepare(sql).get() ?? {}) as Record<string, unknown>)[0]
  return connection.unjudged(() => {
    const pageCount = Number(read('PRAGMA page_count'))
    const pageSize = Number(read('PRAGMA page_size'))
    const isSmall = pageCount * pageSize <= mostCheckedBytes
    return {
      version: String(read('SELECT sqlite_version()')),
      encoding: String(read('PRAGMA encoding')),
      journalMode: String(read('PRAGMA journal_mode')),
      pageCount,
      pageSize,
      check: isSmall ? String(read('PRAGMA quick_check(1)')) : undefined,
    }
  })
}
