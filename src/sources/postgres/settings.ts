import type { Bound } from './bound.ts'

const longestLockMs = 2000
/** After the statement's own time: for a connection whose other end is gone without a word. */
const idleMs = 5000

type Pair = readonly [name: string, value: string]

/** Begins the transaction; told in the same round trip as the statement. */
export const begin: Bound = { text: 'BEGIN READ ONLY', values: [] }

/**
 * Everything a text may mean something else under, and the server's own limits; for this transaction
 * alone. It is the first query too: after one, a transaction cannot be made to write any more. The
 * answer is the number of the process that gave it.
 */
export function settingsFor(searchPath: readonly string[], leftMs: number): Bound {
  // Named, for it would come first otherwise.
  const path = [...searchPath, 'pg_temp'].map(quote).join(', ')
  const pairs: Pair[] = [['search_path', path], ...common(leftMs)]
  const first = ['pg_catalog.pg_backend_pid()', noticeLostClient]
  return { ...setConfig(pairs, first), name: 'vitrine_settings' }
}

/** The same for a change; where its names are looked for is its role's own. */
export const settingsForChange = (leftMs: number): Bound => setConfig(common(leftMs))

function common(leftMs: number): Pair[] {
  const left = Math.max(1, Math.round(leftMs))
  return [
    ['statement_timeout', `${left}ms`],
    ['lock_timeout', `${Math.min(left, longestLockMs)}ms`],
    ['idle_in_transaction_session_timeout', `${left + idleMs}ms`],
    ['standard_conforming_strings', 'on'],
    ['client_min_messages', 'error'],
    // Compiling takes longer than it saves in this time, and no cancel reaches it.
    ['jit', 'off'],
    ['datestyle', 'ISO'],
    ['intervalstyle', 'iso_8601'],
    ['bytea_output', 'hex'],
    // 1 and more: every digit a value has.
    ['extra_float_digits', '1'],
  ]
}

/** Since version 14, and not on Windows, a server can see that nobody waits for the answer any more. */
const noticeLostClient = `CASE WHEN pg_catalog.current_setting('server_version_num')::int >= 140000
  AND pg_catalog.strpos(pg_catalog.version(), 'Visual C') = 0
  THEN pg_catalog.set_config('client_connection_check_interval', '1s', true) END`

/** Who asks, before the statement and gone with its transaction. */
export const identityOf = (pairs: readonly Pair[]): Bound[] =>
  pairs.length === 0 ? [] : [{ ...setConfig(pairs), name: `vitrine_identity_${pairs.length}` }]

function setConfig(pairs: readonly Pair[], first: readonly string[] = []): Bound {
  const calls = pairs.map(
    (_pair, index) => `pg_catalog.set_config($${index * 2 + 1}, $${index * 2 + 2}, true)`,
  )
  return { text: `SELECT ${[...first, ...calls].join(', ')}`, values: pairs.flat() }
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`
