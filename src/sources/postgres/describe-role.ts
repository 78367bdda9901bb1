import { confineSql } from './catalog-sql.ts'
import type { Row } from './type-names.ts'

/** What the server says of itself and of the role that asks, for `vitrine doctor`. */
export interface RoleFacts {
  readonly version: string
  readonly role: string
  readonly database: string
  readonly isSuperuser: boolean
  /** Attributes beyond logging in, as ALTER ROLE calls them. */
  readonly attributes: readonly string[]
  /** Roles of the server's own that it is a member of. */
  readonly memberships: readonly string[]
  readonly isReplica: boolean
  /** Seconds behind its primary; null on a primary, or where it is not known. */
  readonly lagSeconds: number | null
  readonly readOnlyByDefault: boolean
  /** Tables it may write, the first of them by name, and how many there are. */
  readonly writable: Named
  /** Schemas it may create in. */
  readonly creatable: Named
  readonly mayCreateSchemas: boolean
  /** Functions it may call that reach files, other servers or other rights. */
  readonly reaching: Named
}

export interface Named {
  readonly names: readonly string[]
  readonly count: number
}

const systemSchemas = `('pg_catalog', 'information_schema', 'pg_toast')`

/** A replica that has replayed all it got is not behind, however long its primary has been silent. */
const serverSql = `
  SELECT current_setting('server_version'), current_user, current_database(), r.rolsuper,
    array_to_json(array_remove(ARRAY[
      CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END, CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END,
      CASE WHEN r.rolcreatedb THEN 'CREATEDB' END, CASE WHEN r.rolreplication THEN 'REPLICATION' END
    ], NULL)),
    pg_is_in_recovery(),
    CASE WHEN NOT pg_is_in_recovery() THEN NULL
      WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
      ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp()) END,
    current_setting('default_transaction_read_only'),
    has_database_privilege(current_database(), 'CREATE')
  FROM pg_roles r WHERE r.rolname = current_user`

const membershipsSql = `
  SELECT rolname FROM pg_roles
  WHERE rolname LIKE 'pg\\_%' AND rolname <> 'pg_database_owner' AND pg_has_role(oid, 'MEMBER')
  ORDER BY 1`

const writableSql = `
  SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'f') AND n.nspname NOT IN ${systemSchemas}
    AND has_schema_privilege(n.oid, 'USAGE')
    AND (has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
      OR has_any_column_privilege(c.oid, 'INSERT, UPDATE'))
  ORDER BY 1`

const creatableSql = `
  SELECT nspname FROM pg_namespace
  WHERE has_schema_privilege(oid, 'CREATE') AND nspname NOT IN ${systemSchemas}
    AND nspname !~ '^pg_(toast_)?temp_'
  ORDER BY 1`

/**
 * Functions that read or write files and other servers, and functions of people that run with the
 * rights of their owner or in a language without walls.
 */
const reachingSql = `
  SELECT DISTINCT p.proname FROM pg_proc p
  JOIN pg_language l ON l.oid = p.prolang JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE has_function_privilege(p.oid, 'EXECUTE') AND has_schema_privilege(n.oid, 'USAGE')
    AND p.prorettype <> 'trigger'::regtype AND p.prorettype <> 'event_trigger'::regtype
    AND (p.proname ~ '^(pg_read_(binary_)?file|pg_ls_dir|pg_stat_file|lo_import|lo_export|pg_file_.*)$'
      OR p.proname ~ '^(dblink.*|http(_.*)?|pg_reload_conf|pg_rotate_logfile|pg_promote|pg_switch_wal)$'
      OR (p.oid >= 16384 AND p.prosecdef)
      OR (l.lanname NOT IN ('internal', 'c') AND NOT l.lanpltrusted))
  ORDER BY 1`

export const roleQuestions = [
  confineSql,
  serverSql,
  membershipsSql,
  writableSql,
  creatableSql,
  reachingSql,
] as const

export function toRoleFacts(answers: readonly (readonly Row[])[]): RoleFacts {
  const [, server = [], memberships = [], writable = [], creatable = [], reaching = []] = answers
  const [version, role, database, superuser, attributes, replica, lag, readOnly, schemas] =
    server[0] ?? []
  return {
    version: version?.split(' ')[0] ?? '',
    role: role ?? '',
    database: database ?? '',
    isSuperuser: superuser === 't',
    attributes: JSON.parse(attributes ?? '[]') as string[],
    memberships: memberships.map(([name]) => name ?? ''),
    isReplica: replica === 't',
    lagSeconds: lag === null || lag === undefined ? null : Math.round(Number(lag)),
    readOnlyByDefault: readOnly === 'on',
    writable: toNamed(writable),
    creatable: toNamed(creatable),
    mayCreateSchemas: schemas === 't',
    reaching: toNamed(reaching),
  }
}

const mostNames = 5

const toNamed = (rows: readonly Row[]): Named => ({
  names: rows.slice(0, mostNames).map(([name]) => name ?? ''),
  count: rows.length,
})
