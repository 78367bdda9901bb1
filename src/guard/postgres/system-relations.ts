import { AppError } from '../../base/error.ts'
import type { Inspection, NamedRelation } from './inspect.ts'

/**
 * Views and tables of the system that tell how the database is made and how it is doing
 * (https://www.postgresql.org/docs/current/catalogs.html and views.html). Left out on purpose:
 * whatever holds passwords, connection strings or other sessions' statements (pg_authid, pg_shadow,
 * pg_user_mapping, pg_stat_replication, pg_prepared_xacts, pg_db_role_setting), files (pg_hba_file_rules, pg_file_settings), large objects,
 * and everything that a later version brings.
 */
const catalogs = `
  pg_aggregate pg_am pg_amop pg_amproc pg_attrdef pg_attribute pg_auth_members pg_available_extension_versions
  pg_available_extensions pg_cast pg_class pg_collation pg_constraint pg_conversion pg_cursors
  pg_database pg_default_acl pg_depend pg_description pg_enum pg_event_trigger pg_extension pg_foreign_data_wrapper pg_foreign_server
  pg_foreign_table pg_group pg_index pg_indexes pg_inherits pg_init_privs pg_language pg_largeobject_metadata pg_locks pg_matviews
  pg_namespace pg_opclass pg_operator pg_opfamily pg_parameter_acl pg_partitioned_table pg_policies pg_policy pg_prepared_statements pg_proc
  pg_publication pg_publication_namespace pg_publication_rel pg_publication_tables pg_range pg_replication_slots pg_rewrite pg_roles pg_rules pg_seclabels pg_sequence pg_sequences
  pg_settings pg_shdepend pg_shdescription pg_statistic_ext pg_stats pg_stats_ext pg_stats_ext_exprs pg_subscription pg_tables
  pg_tablespace pg_timezone_abbrevs pg_timezone_names pg_transform pg_trigger pg_ts_config
  pg_ts_config_map pg_ts_dict pg_ts_parser pg_ts_template pg_type pg_user pg_views
  pg_stat_activity pg_stat_all_indexes pg_stat_all_tables pg_stat_archiver pg_stat_bgwriter pg_stat_checkpointer
  pg_stat_database pg_stat_database_conflicts pg_stat_io pg_stat_progress_analyze pg_stat_progress_basebackup
  pg_stat_progress_cluster pg_stat_progress_copy pg_stat_progress_create_index pg_stat_progress_vacuum pg_stat_slru pg_stat_sys_indexes
  pg_stat_sys_tables pg_stat_user_functions pg_stat_user_indexes pg_stat_user_tables pg_stat_wal
  pg_stat_xact_all_tables pg_stat_xact_sys_tables pg_stat_xact_user_functions pg_stat_xact_user_tables
  pg_statio_all_indexes pg_statio_all_sequences pg_statio_all_tables pg_statio_sys_indexes
  pg_statio_sys_tables pg_statio_user_indexes pg_statio_user_sequences pg_statio_user_tables`

const open = new Set(catalogs.trim().split(/\s+/))

/** Of information_schema: options of servers and users may hold a password. */
const closedSchemaViews = new Set([
  'foreign_data_wrapper_options',
  'foreign_server_options',
  'foreign_table_options',
  'user_mapping_options',
])

const isInformationView = (name: string): boolean =>
  /^[a-z_]+$/.test(name) && !closedSchemaViews.has(name) && !name.startsWith('_pg_')

/** Columns of those that tell of what is said elsewhere, hold a setting or a connection string. */
const closedColumns: ReadonlyMap<string, readonly string[]> = new Map([
  ['pg_foreign_data_wrapper', ['fdwoptions']],
  ['pg_foreign_server', ['srvoptions']],
  ['pg_foreign_table', ['ftoptions']],
  ['pg_roles', ['rolconfig']],
  ['pg_stat_activity', ['query', 'client_addr', 'client_hostname', 'application_name']],
  ['pg_subscription', ['subconninfo']],
  ['pg_user', ['useconfig']],
])

/**
 * Refuses a relation of the system that may not be read, or not with these columns of it.
 * @throws AppError `not_open`
 */
export function checkSystemRelation(
  { schema = 'pg_catalog', name, alias }: NamedRelation,
  { columns, readsAll }: Inspection,
  restricted: boolean,
): void {
  if (restricted || !isOpen(schema, name)) throw notOpen(`${schema}.${name}`)
  const closed = closedColumns.get(name) ?? []
  if (closed.length === 0) return
  if (readsAll || columns.has(alias ?? name)) {
    throw notOpen(
      `The whole of ${name}`,
      `Name the columns you need; ${closed.join(', ')} are closed.`,
    )
  }
  const read = closed.find((column) => columns.has(column))
  if (read !== undefined) throw notOpen(`The column ${read} of ${name}`)
}

const isOpen = (schema: string, name: string): boolean =>
  schema === 'information_schema'
    ? isInformationView(name)
    : schema === 'pg_catalog' && open.has(name)

const notOpen = (what: string, hint = 'Call get_schema for tables and columns.'): AppError =>
  new AppError('not_open', `${what} is not open here.`, { hint })
