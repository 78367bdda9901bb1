import { statSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { AppError } from '../../base/error.ts'
import { readBytes } from '../../base/read-bytes.ts'
import { Access } from './access.ts'
import { toFailure } from './failure.ts'
import { SchemaState } from './schema-state.ts'

/** Milliseconds to wait for a lock that a writer holds. */
const lockWaitMs = 2000

/** https://sqlite.org/limits.html; `attach: 0` leaves no other database to read. */
const engineLimits = {
  length: 64_000_000,
  sqlLength: 500_000,
  attach: 0,
  functionArg: 1000,
} as const

/**
 * Read-only in the engine as well, and no spill files (https://sqlite.org/security.html). The schema may
 * call what extensions bring, because the authorizer judges that by its lists.
 */
const settings = `
  PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = ON;
  PRAGMA cell_size_check = ON; PRAGMA cache_size = -16000;`

interface FileState {
  readonly identity: string
  readonly modifiedMs: number
  /** Bytes of the write-ahead log beside it, or undefined where there is none. */
  readonly logBytes: number | undefined
}

/**
 * The worker's handle on the file. It follows the file: replaced by another, or written to by a
 * process that came later, it is opened anew before the next statement.
 */
export class Connection {
  readonly access: Access = new Access()
  readonly #path: string
  #database: DatabaseSyncInstance
  #schema: SchemaState
  #opened: FileState
  /** When the file was last looked at. */
  #modifiedMs: number
  #immutable: boolean

  constructor(path: string) {
    this.#path = path
    this.#opened = stateOf(path)
    this.#modifiedMs = this.#opened.modifiedMs
    this.#immutable = isQuietLog(path, this.#opened)
    this.#database = this.#open()
    this.#schema = new SchemaState(this.#database)
  }

  get database(): DatabaseSyncInstance {
    return this.#database
  }

  /** Differs between two files, and between two schemas of one file. */
  get version(): string {
    return `${this.#opened.identity}.${this.#schema.version}`
  }

  /**
   * Runs `work` on one state of the database: nothing that is written meanwhile is seen.
   * A file that was changed behind SQLite's back is opened anew, once, and asked again.
   */
  snapshot<T>(work: () => T): T {
    if (this.#isStale()) this.#reopen()
    try {
      const result = this.#transaction(work)
      if (!this.#immutable || !this.#isStale()) return result
    } catch (error) {
      if (error !== overwritten && (!this.#immutable || !this.#isStale())) throw toFailure(error)
    }
    this.#reopen()
    return this.#transaction(work)
  }

  /** A snapshot for the worker's own work, which nobody judges: there the schema is not trusted. */
  unjudged<T>(work: () => T): T {
    return this.snapshot(() => {
      this.#database.exec('PRAGMA trusted_schema = OFF')
      try {
        return work()
      } finally {
        this.#database.exec('PRAGMA trusted_schema = ON')
      }
    })
  }

  #transaction<T>(work: () => T): T {
    this.#database.exec('BEGIN')
    try {
      this.#look()
      return work()
    } catch (error) {
      throw error === overwritten ? error : toFailure(error)
    } finally {
      this.access.end()
      this.#database.exec('ROLLBACK')
    }
  }

  #look(): void {
    const change = this.#schema.look(this.#modifiedMs)
    if (change === 'overwritten') throw overwritten
    if (change === 'changed') connectVirtualTables(this.#database)
  }

  #isStale(): boolean {
    const now = stateOf(this.#path)
    this.#modifiedMs = now.modifiedMs
    if (now.identity !== this.#opened.identity) return true
    return (
      this.#immutable && (now.logBytes !== undefined || now.modifiedMs !== this.#opened.modifiedMs)
    )
  }

  #reopen(): void {
    this.#database.close()
    this.#opened = stateOf(this.#path)
    this.#modifiedMs = this.#opened.modifiedMs
    this.#immutable = isQuietLog(this.#path, this.#opened)
    this.#database = this.#open()
    this.#schema = new SchemaState(this.#database)
  }

  #open(): DatabaseSyncInstance {
    try {
      return this.#openAs(this.#immutable)
    } catch (error) {
      if (this.#immutable || !isUnreadableLog(error)) throw toFailure(error)
      if ((this.#opened.logBytes ?? 0) > 0) throw logInTheWay()
      this.#immutable = true
      return this.#openAs(true)
    }
  }

  #openAs(immutable: boolean): DatabaseSyncInstance {
    const url = pathToFileURL(this.#path)
    if (immutable) url.searchParams.set('immutable', '1')
    const database = new DatabaseSync(url.href, {
      readOnly: true,
      timeout: lockWaitMs,
      limits: engineLimits,
    })
    database.exec(settings)
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
    database.setAuthorizer(this.access.authorize)
    return database
  }
}

/** The file is another one than SQLite remembers, under the same counters. */
const overwritten = new Error('The file was overwritten.')

/** Extensions prepare statements of their own when they connect, some of which write: not to be judged. */
function connectVirtualTables(database: DatabaseSyncInstance): void {
  const named = database.prepare(
    `SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%'`,
  )
  const connect = database.prepare('SELECT count(*) FROM pragma_table_xinfo(?)')
  for (const { name } of named.all() as { name: string }[]) {
    try {
      connect.get(name)
    } catch {
      // Its module is not here, or what it stands on is gone: told where it is asked for.
    }
  }
}

function stateOf(path: string): FileState {
  const file = statSync(path, { throwIfNoEntry: false })
  if (file === undefined) throw new AppError('source_unavailable', 'The database file is gone.')
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false })
  return { identity: `${file.dev}-${file.ino}`, modifiedMs: file.mtimeMs, logBytes: log?.size }
}

/**
 * True where the file is in WAL mode and no log lies beside it: nobody has it open. Read plainly,
 * SQLite would then create `-wal` and `-shm`; opened as immutable it touches nothing
 * (https://sqlite.org/wal.html#readonly).
 */
function isQuietLog(path: string, { logBytes }: FileState): boolean {
  return logBytes === undefined && isLogMode(path)
}

/** Byte 18 of the header: the file format's write version, 2 for WAL (https://sqlite.org/fileformat2.html). */
const isLogMode = (path: string): boolean => readBytes(path, 20)[18] === 2

/** A log whose index cannot be made here: SQLITE_READONLY or SQLITE_CANTOPEN. */
const isUnreadableLog = (error: unknown): boolean =>
  [8, 14].includes(((error as { errcode?: number }).errcode ?? 0) & 0xff)

const logInTheWay = (): AppError =>
  new AppError(
    'source_unavailable',
    'The database has rows in a write-ahead log (-wal) that cannot be read from this folder.',
    {
      hint:
        'Let the user that runs Vitrine write to the folder, or run PRAGMA wal_checkpoint(TRUNCATE) ' +
        'with the program that writes to the database.',
    },
  )
