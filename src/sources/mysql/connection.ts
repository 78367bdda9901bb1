import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type * as Mysql from 'mysql2'
import type { Connection as Driver, ConnectionOptions } from 'mysql2'
import { AppError, cancelled } from '../../base/error.ts'
import type { Field } from './column-types.ts'
import { prepareSession, readFacts, type ServerFacts } from './session.ts'
import type { Parameter } from '../statement.ts'
import type { ServerAddress } from './server-url.ts'
import type { RawCell } from './values.ts'

/** What of a prepared statement is used; the driver's own types leave out its columns. */
export interface Prepared {
  readonly columns: readonly Field[]
  readonly parameters: readonly unknown[]
  execute(values: readonly unknown[]): Execution
  close(): unknown
}

/** A running statement: rows as they come. */
export interface Execution {
  on(event: 'fields', listener: (fields: readonly Field[] | undefined) => void): this
  on(event: 'result', listener: (row: readonly RawCell[]) => void): this
  on(event: 'error', listener: (error: Error) => void): this
  on(event: 'end', listener: () => void): this
}

/** Who is told of a running statement's connection. */
export interface Watcher {
  /** How many bytes came in since the watching began. */
  onBytes(received: number): void
  onLost(error: Error): void
}

/**
 * Nothing is lost on the way: decimals and 64-bit integers as text, dates as the server writes them,
 * bytes as bytes. `disableEval`: column names come from outside and are never made into code.
 */
const lossless = {
  supportBigNumbers: true,
  bigNumberStrings: true,
  dateStrings: true,
  jsonStrings: true,
  disableEval: true,
  rowsAsArray: true,
  typeCast: (field: { type: string; buffer(): unknown }, next: () => unknown) =>
    field.type === 'GEOMETRY' || field.type === 'VECTOR' ? field.buffer() : next(),
} as const

const keepAliveMs = 30_000

/** One session at the server, and the socket under it. */
export class Connection {
  readonly #driver: Driver
  readonly #socket: Socket
  readonly #toLong: (value: bigint) => unknown
  #alive = true
  #facts: ServerFacts | undefined
  /** The time limit the session was prepared with; undefined where it is not prepared. */
  #preparedMs: number | undefined
  #received = 0
  /** The last bytes that came in. */
  #tail: Uint8Array = new Uint8Array()
  #watcher: Watcher | undefined
  /** When it was last used, on the clock of `performance.now()`. */
  idleSince = 0

  private constructor(driver: Driver, socket: Socket, toLong: (value: bigint) => unknown) {
    this.#driver = driver
    this.#socket = socket
    this.#toLong = toLong
    const die = (error?: unknown): void => {
      this.#alive = false
      this.#watcher?.onLost(error instanceof Error ? error : lost())
    }
    driver.on('error', die)
    driver.on('end', die)
    socket.on('close', die)
  }

  /** Connects within the time given; `signal` gives up earlier. */
  static async open(
    server: ServerAddress,
    { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
  ): Promise<Connection> {
    const { createConnection, TypedParameter } = await loadDriver()
    const socket = toSocket(server)
    const driver = createConnection(toOptions(server, socket, timeoutMs))
    const connection = new Connection(driver, socket, TypedParameter.LONGLONG)
    const giveUp = (): void => void socket.destroy(new Error('The connection was given up.'))
    signal.addEventListener('abort', giveUp, { once: true })
    try {
      if (signal.aborted) giveUp()
      await new Promise<void>((resolve, reject) => {
        driver.once('connect', () => resolve())
        driver.once('error', reject)
      })
      connection.#listen()
      connection.#facts = await readFacts(connection)
      return connection
    } catch (error) {
      connection.destroy()
      throw signal.aborted ? cancelled() : error
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }

  get id(): number {
    return this.#driver.threadId
  }

  get facts(): ServerFacts {
    if (this.#facts === undefined) throw new Error('The connection is not open yet.')
    return this.#facts
  }

  get alive(): boolean {
    return this.#alive
  }

  /** The protocol version, undefined without TLS. */
  get tls(): string | undefined {
    return this.#stream.getProtocol?.() ?? undefined
  }

  /**
   * How many warnings the result that just ended came with: the driver reads over them in the packet
   * that ends the rows (https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_eof_packet.html).
   */
  get warnings(): number {
    const [length, , , , header, low = 0, high = 0] = this.#tail
    return this.#tail.length === 9 && length === 5 && header === 0xfe ? low + high * 256 : 0
  }

  /** One statement of our own, rows as objects. */
  ask<Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      this.#driver.query({ sql, values: [...values], rowsAsArray: false }, (error, rows) =>
        error === null ? resolve(rows as Row[]) : reject(error),
      )
    })
  }

  /** The statement as the server understands it, with the columns it will have. */
  prepare(sql: string): Promise<Prepared> {
    return new Promise((resolve, reject) => {
      this.#driver.prepare(sql, (error, prepared) =>
        error === null ? resolve(prepared as unknown as Prepared) : reject(error),
      )
    })
  }

  /**
   * Values as a prepared statement takes them: of a whole number the driver would send the digits, and the
   * server compare them as a float.
   */
  toBound(parameters: readonly Parameter[]): unknown[] {
    return parameters.map((value) => (typeof value === 'bigint' ? this.#toLong(value) : value))
  }

  /** The same by the text protocol, for the few statements that cannot be prepared. */
  runText(sql: string): Execution {
    return this.#driver.query({ sql, rowsAsArray: true })
  }

  /** From here on, until `undefined` is given: the driver tells a statement without a callback neither. */
  watch(watcher: Watcher | undefined): void {
    this.#received = 0
    this.#watcher = watcher
    if (!this.#alive) watcher?.onLost(lost())
  }

  /** A session as new: no setting, lock, temporary table or variable of the statement before. */
  async renew(timeoutMs: number): Promise<void> {
    if (this.#preparedMs !== undefined) await this.#reset()
    this.#preparedMs = undefined
    await prepareSession(this, timeoutMs)
    this.#preparedMs = timeoutMs
  }

  isPreparedFor(timeoutMs: number): boolean {
    return this.#preparedMs === timeoutMs
  }

  /** The server notices a socket that is gone when it next writes, or reads. */
  destroy(): void {
    this.#alive = false
    this.#driver.destroy()
    this.#socket.destroy()
  }

  /** The socket, or TLS above it. */
  get #stream(): Duplex & { getProtocol?(): string | null } {
    return (this.#driver as unknown as { stream: Duplex }).stream
  }

  /** Before the driver does: when it says that a result has ended, its end has been seen here. */
  #listen(): void {
    this.#stream.prependListener('data', (chunk: Buffer) => {
      this.#received += chunk.length
      this.#tail =
        chunk.length < 9 ? Buffer.concat([this.#tail, chunk]).subarray(-9) : chunk.subarray(-9)
      this.#watcher?.onBytes(this.#received)
    })
  }

  #reset(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#driver.reset((error) => (error ? reject(error) : resolve()))
    })
  }
}

const lost = (): Error =>
  Object.assign(new Error('The connection was lost.'), { code: 'PROTOCOL_CONNECTION_LOST' })

type DriverModule = Pick<typeof Mysql, 'createConnection' | 'TypedParameter'>

/** Not all that it exports can be seen by name. */
const loadDriver = async (): Promise<DriverModule> => (await import('mysql2')).default

function toSocket({ host, port, socketPath }: ServerAddress): Socket {
  if (socketPath !== undefined) return connect(socketPath)
  const socket = connect({ host, port, noDelay: true, keepAlive: true })
  socket.setKeepAlive(true, keepAliveMs)
  // TLS checks a certificate against this name; Node leaves it out where the host is an address.
  return Object.assign(socket, { _host: host })
}

function toOptions(server: ServerAddress, socket: Socket, timeoutMs: number): ConnectionOptions {
  const { host, port, user, password, database, tls } = server
  return {
    host,
    port,
    user,
    password,
    ...(database === undefined ? {} : { database }),
    stream: () => socket,
    charset: 'utf8mb4',
    connectTimeout: Math.max(1, Math.ceil(timeoutMs)),
    multipleStatements: false,
    // The server may not ask for files, and tells MariaDB's own types.
    flags: ['-LOCAL_FILES', 'MARIADB_CLIENT_EXTENDED_METADATA'],
    ...(tls === 'off' ? {} : { ssl: toTls(server) }),
    ...lossless,
  }
}

function toTls({ tls, files }: ServerAddress): object {
  const read = Object.entries(files).map(([name, path]) => [name, readFile(path)] as const)
  return {
    ...Object.fromEntries(read),
    rejectUnauthorized: tls !== 'encrypt',
    verifyIdentity: tls === 'verify',
    minVersion: 'TLSv1.2',
  }
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new AppError('source_unavailable', 'A TLS file of the source cannot be read.', {
      detail: `A TLS file of the source cannot be read: ${path}`,
      cause: error,
    })
  }
}
