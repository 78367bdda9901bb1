import type { Bound } from './bound.ts'

/**
 * What a statement may have done besides answering: ended its transaction, made prepared statements, taken ours
 * away. Locks of the session, which outlast its transaction, are let go.
 */
export const askLeft: Bound = {
  text: `SELECT pg_catalog.current_setting('transaction_read_only'),
    pg_catalog.count(*) FILTER (WHERE NOT from_sql), pg_catalog.count(*) FILTER (WHERE from_sql),
    pg_catalog.pg_advisory_unlock_all()
    FROM pg_catalog.pg_prepared_statement()`,
  values: [],
  name: 'vitrine_left',
}

/**
 * Ends the transaction and undoes all else: the parts of DISCARD ALL that may run together. RESET ROLE after RESET
 * SESSION AUTHORIZATION: a role may be set for the user in the database. Prepared statements of our own are kept.
 */
export const leaveSql = `ROLLBACK; CLOSE ALL; UNLISTEN *; DISCARD TEMP; DISCARD SEQUENCES;
  RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL`

/** Both, where the transaction may have failed, and nothing can be asked in it. */
export const resetSql = `ROLLBACK; ${askLeft.text}; ${leaveSql}`

/** Behind a pooler the session is shared: it belongs to others as soon as the transaction ends. */
export const sharedResetSql = 'ROLLBACK; SELECT pg_catalog.pg_advisory_unlock_all()'

/** The row that tells what is left. */
export type Left = readonly (string | null)[]

/** A statement that has left anything but the prepared statements of ours was more than a question. */
export const hasKept = ([, kept, made]: Left, ours: number): boolean =>
  made === '0' && kept === String(ours)

export const hasStayedInside = ([isReadOnly]: Left): boolean => isReadOnly === 'on'
