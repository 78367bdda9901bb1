/** What a server says of itself when a connection opens. */
export interface ServerFacts {
  readonly product: 'MariaDB' | 'MySQL'
  /** As the server writes it: `10.11.19-MariaDB-0+deb12u1`. */
  readonly version: string
  /** Tells servers behind one address apart, so that a kill never reaches another one's connection. */
  readonly identity: string
  /** The sql_mode people get there, without what changes how a text is read. */
  readonly sqlMode: string
}

/** What a session is set up through: a connection. */
interface Asks {
  ask<Row>(sql: string): Promise<Row[]>
}

interface Knows extends Asks {
  readonly facts: ServerFacts
}

/** Settings of the server that would make the guard read another text than the server does. */
const readingModes =
  `ANSI ANSI_QUOTES NO_BACKSLASH_ESCAPES PIPES_AS_CONCAT HIGH_NOT_PRECEDENCE ORACLE
  MSSQL DB2 POSTGRESQL MAXDB MYSQL323 MYSQL40 TRADITIONAL_ORACLE IGNORE_SPACE`.split(/\s+/)

/** Bytes of a GROUP_CONCAT; the server cuts silently at 1 KiB to 1 MiB otherwise. */
const longestGroup = 4 * 1024 ** 2
/** The server cuts WITH RECURSIVE silently (MariaDB) at this many rounds; time ends it before. */
const mostRounds = 4_294_967_295
/** Bytes of a temporary table on disk (MariaDB). */
const largestTable = 2 * 1024 ** 3
/**
 * Bytes of a join's buffer (MariaDB): the server looks whether it was told to stop only between two
 * fillings, and went on for minutes with the 256 KiB of its default. A join without an index takes twice
 * as long with so little; without any buffer it would be eight times.
 */
const joinBuffer = 1024

export async function readFacts(connection: Asks): Promise<ServerFacts> {
  const [row] = await connection.ask<{ version: string; host: string; port: number; mode: string }>(
    'SELECT VERSION() AS version, @@hostname AS host, @@port AS port, @@sql_mode AS mode',
  )
  const { version = '', host = '', port = 0, mode = '' } = row ?? {}
  const kept = mode.split(',').filter((word) => word !== '' && !readingModes.includes(word))
  return {
    product: /mariadb/i.test(version) ? 'MariaDB' : 'MySQL',
    version,
    identity: `${host}:${port}`,
    // Spaces before a parenthesis could otherwise turn a built-in function into a stored one.
    sqlMode: [...kept, 'IGNORE_SPACE'].join(','),
  }
}

/**
 * Everything a session needs before a statement of somebody else runs in it. Read-only twice: on
 * MariaDB the transaction alone does not stop DDL, which commits implicitly.
 */
export async function prepareSession(connection: Knows, timeoutMs: number): Promise<void> {
  await setCommon(connection, timeoutMs)
  await connection.ask('SET SESSION TRANSACTION READ ONLY')
  await connection.ask('START TRANSACTION READ ONLY')
}

/** The same for a change, whose transaction is one that writes. */
export async function prepareToWrite(connection: Knows, timeoutMs: number): Promise<void> {
  await setCommon(connection, timeoutMs)
  await connection.ask('START TRANSACTION')
}

async function setCommon(connection: Knows, timeoutMs: number): Promise<void> {
  const { product, sqlMode } = connection.facts
  const seconds = Math.max(1, Math.ceil(timeoutMs / 1000))
  const settings = [
    'NAMES utf8mb4',
    `sql_mode = '${sqlMode}'`,
    `lock_wait_timeout = ${seconds}`,
    `group_concat_max_len = ${longestGroup}`,
    ...(product === 'MariaDB' ? mariadbSettings(timeoutMs) : mysqlSettings(timeoutMs)),
  ]
  await connection.ask(`SET ${settings.join(', ')}`)
  // Where InnoDB is not there, neither are its locks.
  await connection.ask(`SET innodb_lock_wait_timeout = ${seconds}`).catch(ignoreUnknown)
}

/** https://mariadb.com/kb/en/server-system-variables/#max_statement_time is in seconds. */
const mariadbSettings = (timeoutMs: number): string[] => [
  `max_statement_time = ${timeoutMs / 1000}`,
  `max_recursive_iterations = ${mostRounds}`,
  `tmp_disk_table_size = ${largestTable}`,
  `join_buffer_size = ${joinBuffer}`,
]

/**
 * https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_max_execution_time is in
 * milliseconds and counts for SELECT; #sysvar_cte_max_recursion_depth fails where MariaDB cuts.
 */
const mysqlSettings = (timeoutMs: number): string[] => [
  `max_execution_time = ${Math.ceil(timeoutMs)}`,
  `cte_max_recursion_depth = ${mostRounds}`,
]

const unknownVariable = 1193

function ignoreUnknown(error: unknown): void {
  if ((error as { errno?: number }).errno !== unknownVariable) throw error
}
