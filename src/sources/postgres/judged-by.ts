import type { Bound } from './bound.ts'
import type { JudgedBy } from './facts.ts'

/**
 * What a judgement stands on, as texts that change when it does. Asked under a search path of others, so every
 * function and operator is named with its schema. A row's xmin is the transaction that wrote it.
 */

const is = (one: string, other: string): string => `${one} OPERATOR(pg_catalog.=) ${other}`

/** Objects below 16384 came with the server. */
const isOurs = (oid: string): string => `${oid} OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid`

const rowsOf = (table: string, condition: string, order: string): string => `(
  SELECT pg_catalog.string_agg(x.xmin::pg_catalog.text, ',' ORDER BY ${order})
  FROM pg_catalog.${table} x WHERE ${condition})`

/** Of a relation `c`: its name and kind, columns, definition, policies, partitions and children. */
const relationState = `pg_catalog.md5(pg_catalog.concat_ws(' ', c.relname, c.relnamespace, c.relkind, c.relrowsecurity,
  'columns', ${rowsOf('pg_attribute', is('x.attrelid', 'c.oid'), 'x.attnum')},
  'rules', ${rowsOf('pg_rewrite', is('x.ev_class', 'c.oid'), 'x.oid')},
  'policies', ${rowsOf('pg_policy', is('x.polrelid', 'c.oid'), 'x.oid')},
  'children', ${rowsOf('pg_inherits', is('x.inhparent', 'c.oid'), 'x.inhrelid')}))`

const newest = (table: string, oid: string): string => `(
  SELECT pg_catalog.concat(pg_catalog.count(*), ':', pg_catalog.sum(x.xmin::pg_catalog.text::pg_catalog.int8))
  FROM pg_catalog.${table} x WHERE ${isOurs(oid)})`

/** Of all code that did not come with the server: functions, operators, casts, comparisons, checks of domains. */
const codeState = `pg_catalog.concat_ws(' ', ${newest('pg_proc', 'x.oid')}, ${newest('pg_operator', 'x.oid')},
  ${newest('pg_cast', 'x.oid')}, ${newest('pg_amproc', 'x.oid')}, ${newest('pg_constraint', 'x.contypid')})`

export const codeStateSql = `SELECT ${codeState}`

export const relationStatesSql = `
  SELECT c.oid, ${relationState} FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND ${isOurs('c.oid')} ORDER BY c.oid`

/** What PostgreSQL says where the check below fails. */
export const divisionByZero = '22012'

/**
 * Which transactions are over, on which server since it started: while it is the same, nothing was written there. A server
 * that follows another cannot tell, for its snapshots do not list what is under way.
 */
const snapshot = `CASE WHEN NOT pg_catalog.pg_is_in_recovery()
  THEN pg_catalog.concat(pg_catalog.txid_current_snapshot(), ' ', pg_catalog.pg_postmaster_start_time()) END`

/**
 * Fails where something has changed since. Run where the statement's tables are locked; gives the snapshot it was run
 * in. In the one in which it has passed before, nothing is looked at again.
 */
export function checkOf({ code, relations, names }: JudgedBy, passedIn: string | null): Bound {
  if (relations.length === 0)
    return { text: check([sameCode]), values: [passedIn, code], name: 'vitrine_check_code' }
  const sorted = relations.toSorted((one, other) => Number(one.oid) - Number(other.oid))
  return {
    text: check([sameCode, sameRelations, sameNames]),
    name: 'vitrine_check',
    values: [
      passedIn,
      code,
      JSON.stringify(sorted.map(({ oid }) => oid)),
      list(sorted.map(({ state }) => state)),
      JSON.stringify(names.map(({ written }) => written)),
      list(names.map(({ oid }) => oid)),
    ],
  }
}

const list = (values: readonly string[]): string => `{${values.join(',')}}`

const check = (conditions: readonly string[]): string =>
  `SELECT 1 OPERATOR(pg_catalog./) CASE WHEN ${is(snapshot, '$1::pg_catalog.text')} THEN 1
    ELSE coalesce(${conditions.join(' AND ')}, false)::pg_catalog.int4 END, ${snapshot}`

const sameCode = is(codeState, '$2::pg_catalog.text')

/** Of a function the planner expects as many rows whatever it is given: so it plans this once, and not for each call. */
const sameRelations = is(
  `ARRAY(SELECT ${relationState}
    FROM pg_catalog.json_array_elements_text($3::pg_catalog.json) r(oid)
    JOIN pg_catalog.pg_class c ON ${is('c.oid', 'r.oid::pg_catalog.oid')} ORDER BY c.oid)`,
  '$4::pg_catalog.text[]',
)

const sameNames = is(
  `ARRAY(SELECT pg_catalog.to_regclass(n.written)::pg_catalog.oid
    FROM pg_catalog.json_array_elements_text($5::pg_catalog.json) WITH ORDINALITY n(written, place)
    ORDER BY n.place)`,
  '$6::pg_catalog.oid[]',
)
