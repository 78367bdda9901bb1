import { createHash } from 'node:crypto'
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite'

interface Seen {
  /** Counts the changes of the schema (PRAGMA schema_version). */
  readonly cookie: number
  /** Changes when another connection has written (PRAGMA data_version). */
  readonly data: number
  readonly modifiedMs: number
  readonly digest: string
}

export type Change = 'none' | 'changed' | 'overwritten'

/**
 * The schema by its content. SQLite goes by counters in the file, and a file that is copied over
 * another may have the same ones: then what SQLite remembers of it is wrong.
 */
export class SchemaState {
  readonly #cookie: StatementSyncInstance
  readonly #data: StatementSyncInstance
  readonly #schema: StatementSyncInstance
  #seen: Seen | undefined

  constructor(database: DatabaseSyncInstance) {
    this.#cookie = database.prepare('PRAGMA schema_version')
    this.#data = database.prepare('PRAGMA data_version')
    this.#schema = database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema')
  }

  /** Differs between two schemas. */
  get version(): string {
    return `${this.#seen?.cookie}.${this.#seen?.digest}`
  }

  /** What became of it since it was last looked at; asked inside a transaction. */
  look(modifiedMs: number): Change {
    const seen = this.#seen
    const cookie = numberOf(this.#cookie)
    const data = numberOf(this.#data)
    if (seen?.cookie === cookie && seen.data === data)
      return seen.modifiedMs === modifiedMs ? 'none' : 'overwritten'
    const digest = this.#digest()
    this.#seen = { cookie, data, modifiedMs, digest }
    if (seen?.cookie === cookie) return seen.digest === digest ? 'none' : 'overwritten'
    return 'changed'
  }

  #digest(): string {
    const hash = createHash('sha1')
    for (const row of this.#schema.iterate()) hash.update(JSON.stringify(row))
    return hash.digest('base64')
  }
}

const numberOf = (pragma: StatementSyncInstance): number =>
  Number(Object.values(pragma.get() as Record<string, unknown>)[0])
