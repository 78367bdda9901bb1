import { pathToFileURL } from 'node:url'
import {
  DatabaseSync,
  type DatabaseSyncInstance,
  type StatementSyncInstance,
} from '@photostructure/sqlite'
import { type Cell, RowCollector } from '../row-collector.ts'
import type { Limits } from '../source.ts'
import type { Changed } from '../change.ts'
import { tooLarge } from '../writing.ts'
import { allowRows } from './change-access.ts'
import type { ChangeText } from './change-messages.ts'
import { toFailure } from './failure.ts'
import { readAsArrays, typeOf } from './read-rows.ts'

/** Milliseconds to wait for a lock that another writer, or on commit a reader, holds. */
const lockWaitMs = 2000

/** https://sqlite.org/limits.html */
const engineLimits = { length: 64_000_000, sqlLength: 500_000, attach: 0 } as const

const settings = `
  PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;`

/** A connection that writes, for one change. */
export class ChangeConnection {
  readonly #database: DatabaseSyncInstance

  constructor(path: string) {
    const url = pathToFileURL(path)
    // A file that is not there is not made.
    url.searchParams.set('mode', 'rw')
    try {
      this.#database = new DatabaseSync(url.href, {
        timeout: lockWaitMs,
        limits: engineLimits,
        defensive: true,
        enableForeignKeyConstraints: true,
      })
      this.#database.exec(settings)
      // Undoes what a writer left behind that was killed.
      this.#database.prepare('SELECT count(*) FROM sqlite_schema').get()
    } catch (error) {
      throw toFailure(error)
    }
  }

  prepare({ text }: ChangeText): void {
    this.#judged(() => this.#database.prepare(text))
  }

  /** @throws AppError: then it is undone already */
  change({
    text,
    parameters,
    limits,
    most,
  }: ChangeText & { limits: Limits; most: number }): Changed {
    this.#exec('BEGIN IMMEDIATE')
    try {
      const returned = this.#judged(() => {
        const statement = this.#database.prepare(text)
        return readReturned(statement, { parameters, limits, most })
      })
      const [affected] = Object.values(
        this.#database.prepare('SELECT changes()').get() as Record<string, unknown>,
      )
      if (Number(affected) > most) throw tooLarge(most)
      return { affected: Number(affected), returned }
    } catch (error) {
      this.#rollBack()
      throw toFailure(error)
    }
  }

  commit(): void {
    try {
      this.#database.exec('COMMIT')
    } catch (error) {
      this.#rollBack()
      throw toFailure(error)
    }
  }

  close(): void {
    this.#database.close()
  }

  #exec(text: string): void {
    try {
      this.#database.exec(text)
    } catch (error) {
      throw toFailure(error)
    }
  }

  /** SQLite undoes some failures by itself, and then there is no transaction any more. */
  #rollBack(): void {
    try {
      this.#database.exec('ROLLBACK')
    } catch {
      // There is none.
    }
  }

  #judged<T>(work: () => T): T {
    this.#database.setAuthorizer(allowRows)
    try {
      return work()
    } catch (error) {
      throw toFailure(error)
    } finally {
      this.#database.setAuthorizer(null)
    }
  }
}

/** Runs it to its end, for only then is it known how many rows there were. */
function readReturned(
  statement: StatementSyncInstance,
  { parameters, limits, most }: Omit<ChangeText, 'text'> & { limits: Limits; most: number },
): Changed['returned'] {
  const columns = readAsArrays(statement)
  if (columns.length === 0) {
    statement.run(...parameters.map(toBound))
    return undefined
  }
  const collector = new RowCollector({ columns, limits, typeOf })
  let rows = 0
  for (const cells of statement.iterate(...parameters.map(toBound)) as Iterable<readonly Cell[]>) {
    rows += 1
    if (rows > most) throw tooLarge(most)
    collector.add(cells)
  }
  return collector.finish([])
}

/** SQLite has no booleans; the guard has made numbers of them. */
const toBound = (value: ChangeText['parameters'][number]): null | number | bigint | string =>
  typeof value === 'boolean' ? Number(value) : value
