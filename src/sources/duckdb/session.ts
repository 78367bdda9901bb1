import { realpathSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { AppError } from '../../base/error.ts'
import { foldCase } from '../../base/fold-case.ts'
import { type Definitions, noDefinitions, readDefinitions } from './definitions.ts'
import { duckdb } from './engine.ts'
import { toFailure } from './failure.ts'
import { pathText } from './files/path-text.ts'
import type { Layout } from './files/layout.ts'
import { type Listing, listFiles } from './files/list-files.ts'
import type { Place } from './place.ts'
import { quoteName, quoteText } from './quote.ts'
import { mostThreads } from './threads.ts'

export interface SessionOptions {
  readonly place: Place
  readonly memoryBytes: number
  /** The tables that data files are shown as; none yet while they are looked into. */
  readonly layout: Layout | undefined
}

/** Statements of a session that say how far they have come: a slow one is seldom behind quick ones. */
const mostCounting = 4

/**
 * An open database, or the data files as views, in an instance that is locked before anything else is
 * done with it: read-only, no other file, no network, no extension, no setting that can be changed
 * (https://duckdb.org/docs/stable/operations_manual/securing_duckdb/overview).
 */
export class Session {
  readonly place: Place
  /** Differs after every change of the database file or of a data file. */
  readonly version: string
  readonly listing: Listing | undefined
  /** How DuckDB calls the database. */
  readonly catalog: string
  readonly definitions: Definitions
  /** The tables that data files are shown as, by every path that may be written for them. */
  readonly files: ReadonlyMap<string, string>
  /** Why a table cannot be read, by folded name. */
  readonly flaws: ReadonlyMap<string, string>
  readonly #instance: DuckDBInstance
  /** Told to count before the settings were locked, as they are for these too: they say how far a statement has come. */
  readonly #counting: DuckDBConnection[]
  #closed = false

  private constructor(
    { place, layout }: SessionOptions,
    instance: DuckDBInstance,
    facts: SessionFacts,
  ) {
    this.place = place
    this.version = facts.version
    this.listing = facts.listing
    this.catalog = facts.catalog
    this.definitions = facts.definitions
    this.files = pathsOf(place, layout)
    this.flaws = flawsIn(layout)
    this.#instance = instance
    this.#counting = facts.counting
  }

  static async open(options: SessionOptions): Promise<Session> {
    const { place } = options
    const listing = place.kind === 'files' ? listFiles(place.root, place.pattern) : undefined
    const version = listing?.version ?? versionOf(place)
    const instance = await openInstance(options).catch((error: unknown) => {
      throw toFailure(error)
    })
    try {
      const connection = await instance.connect()
      const counting = await connectCounting(instance)
      await lock(connection, listing)
      await showFiles(connection, options.layout?.files ?? [])
      const named = await connection.runAndReadAll('SELECT system.main.current_database()')
      const catalog = String(named.getRows()[0]?.[0])
      const definitions = options.layout ? noDefinitions : await readDefinitions(connection)
      connection.closeSync()
      return new Session(options, instance, { version, listing, catalog, definitions, counting })
    } catch (error) {
      instance.closeSync()
      throw toFailure(error)
    }
  }

  /** A connection of its own for every call: what one leaves behind the next does not find. */
  async connect(): Promise<DuckDBConnection> {
    return this.#counting.pop() ?? this.#instance.connect()
  }

  get isStale(): boolean {
    return this.#closed || versionOf(this.place) !== this.version
  }

  close(): void {
    for (const connection of this.#counting.splice(0)) connection.closeSync()
    if (!this.#closed) this.#instance.closeSync()
    this.#closed = true
  }
}

interface SessionFacts extends Pick<Session, 'version' | 'listing' | 'catalog' | 'definitions'> {
  readonly counting: DuckDBConnection[]
}

async function connectCounting(instance: DuckDBInstance): Promise<DuckDBConnection[]> {
  const connections: DuckDBConnection[] = []
  for (let made = 0; made < mostCounting; made++) {
    const connection = await instance.connect()
    await connection.run('SET enable_progress_bar = true')
    await connection.run('SET enable_progress_bar_print = false')
    await connection.run('SET progress_bar_time = 0')
    connections.push(connection)
  }
  return connections
}

const flawsIn = (layout: Layout | undefined): ReadonlyMap<string, string> =>
  new Map(
    layout?.files.flatMap(({ table, flaw }) =>
      flaw === undefined ? [] : [[foldCase(table), flaw] as const],
    ),
  )

function pathsOf(place: Place, layout: Layout | undefined): ReadonlyMap<string, string> {
  const shown = (layout?.files ?? []).filter(({ select }) => select !== undefined)
  const root = place.kind === 'files' ? place.root.replace(/[\\/]$/, '') : ''
  return new Map(
    shown.flatMap(({ file, table }) =>
      [file, `./${file}`, `${root}/${file}`].map((path) => [path, table] as const),
    ),
  )
}

/** A change of the write-ahead log is one of the database. */
export function versionOf(place: Place): string {
  if (place.kind === 'files') return listFiles(place.root, place.pattern).version
  const log = statSync(`${place.path}.wal`, { throwIfNoEntry: false })
  const file = statSync(place.path, { throwIfNoEntry: false })
  if (file === undefined) throw new AppError('source_unavailable', 'The database file is gone.')
  return [file.dev, file.ino, file.size, file.mtimeMs, log?.size, log?.mtimeMs].join('-')
}

async function openInstance({ place, memoryBytes }: SessionOptions): Promise<DuckDBInstance> {
  const settings = {
    threads: String(Math.min(availableParallelism(), mostThreads)),
    memory_limit: `${Math.floor(memoryBytes / 1e6)}MB`,
    temp_directory: '',
    autoload_known_extensions: 'false',
    autoinstall_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_unsigned_extensions: 'false',
    allow_persistent_secrets: 'false',
  }
  if (place.kind === 'database') {
    return duckdb.DuckDBInstance.create(place.path, {
      ...settings,
      access_mode: 'READ_ONLY',
      enable_external_access: 'false',
    })
  }
  // So that data files go by their relative names, in messages and plans too.
  process.chdir(realpathSync(place.root))
  return duckdb.DuckDBInstance.create(':memory:', settings)
}

async function lock(connection: DuckDBConnection, listing: Listing | undefined): Promise<void> {
  if (listing !== undefined) {
    // What is read is what a path means, so each stands here as a pattern and as the file it finds.
    const paths = listing.files
      .flatMap(({ file }) => [quoteText(`./${file}`), pathText(file)])
      .join(', ')
    await connection.run(`SET allowed_paths = [${paths}]`)
    await connection.run('SET enable_external_access = false')
  }
  // The same answer whatever zone the machine is in.
  await connection.run(`SET GLOBAL TimeZone = 'UTC'`)
  await connection.run('SET lock_configuration = true')
}

/** A view for each data file that can be read. */
async function showFiles(connection: DuckDBConnection, files: Layout['files']): Promise<void> {
  for (const { table, select } of files) {
    if (select !== undefined) await connection.run(`CREATE VIEW ${quoteName(table)} AS ${select}`)
  }
}
