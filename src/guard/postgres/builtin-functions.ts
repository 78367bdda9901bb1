import type { Volatility } from '../../sources/postgres/facts.ts'

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/**
 * Functions that PostgreSQL calls volatile and that read all the same
 * (https://www.postgresql.org/docs/current/functions.html).
 */
const volatileAndReading = wordsOf(`
  array_sample array_shuffle bernoulli clock_timestamp current_query gen_random_uuid pg_blocking_pids pg_notification_queue_usage pg_safe_snapshot_blocking_pids
  pg_control_checkpoint pg_control_init pg_control_recovery pg_control_system pg_xact_status txid_status pg_collation_actual_version
  pg_current_wal_flush_lsn pg_current_wal_insert_lsn pg_current_wal_lsn pg_database_collation_actual_version
  pg_database_size pg_indexes_size pg_is_in_recovery pg_jit_available pg_last_wal_receive_lsn
  pg_last_wal_replay_lsn pg_last_xact_replay_timestamp pg_partition_ancestors pg_partition_tree
  pg_relation_size pg_sequence_last_value pg_table_size pg_tablespace_size pg_total_relation_size
  pg_xact_commit_timestamp random random_normal system timeofday uuidv4 uuidv7`)

/** Functions whose names begin like those that must not be called. */
const reading = wordsOf(`
  pg_backend_pid pg_basetype pg_char_to_encoding pg_client_encoding pg_collation_for
  pg_collation_is_visible pg_column_compression pg_column_is_updatable pg_column_size
  pg_conf_load_time pg_conversion_is_visible pg_extension_update_paths pg_filenode_relation pg_get_acl
  pg_listening_channels pg_relation_filenode pg_relation_filepath pg_relation_is_publishable
  pg_tablespace_databases pg_walfile_name pg_walfile_name_offset pg_current_snapshot pg_current_xact_id_if_assigned
  pg_describe_object pg_encoding_max_length pg_encoding_to_char pg_function_is_visible
  pg_get_catalog_foreign_keys pg_get_constraintdef pg_get_expr pg_get_function_arg_default
  pg_get_function_arguments pg_get_function_identity_arguments pg_get_function_result
  pg_get_function_sqlbody pg_get_functiondef pg_get_indexdef pg_get_keywords pg_get_object_address
  pg_get_partition_constraintdef pg_get_partkeydef pg_get_ruledef pg_get_serial_sequence
  pg_get_statisticsobjdef pg_get_statisticsobjdef_columns pg_get_statisticsobjdef_expressions
  pg_get_triggerdef pg_get_userbyid pg_get_viewdef pg_has_role pg_identify_object
  pg_identify_object_as_address pg_index_column_has_property pg_index_has_property
  pg_indexam_has_property pg_is_other_temp_schema pg_lsn
  pg_lsn_cmp pg_lsn_eq pg_lsn_ge pg_lsn_gt pg_lsn_hash pg_lsn_larger pg_lsn_le pg_lsn_lt pg_lsn_mi
  pg_lsn_mii pg_lsn_ne pg_lsn_pli pg_lsn_smaller pg_my_temp_schema pg_opclass_is_visible
  pg_operator_is_visible pg_opfamily_is_visible pg_partition_root pg_postmaster_start_time
  pg_relation_is_updatable pg_sequence_parameters pg_size_bytes pg_size_pretty pg_snapshot_xip
  pg_snapshot_xmax pg_snapshot_xmin pg_stat_get_dead_tuples pg_stat_get_live_tuples
  pg_stat_get_numscans pg_stat_get_tuples_deleted pg_stat_get_tuples_inserted
  pg_stat_get_tuples_updated pg_statistics_obj_is_visible pg_table_is_visible pg_timezone_abbrevs
  pg_timezone_names pg_trigger_depth pg_ts_config_is_visible pg_ts_dict_is_visible
  pg_ts_parser_is_visible pg_ts_template_is_visible pg_type_is_visible pg_typeof
  pg_visible_in_snapshot pg_wal_lsn_diff txid_current_if_assigned txid_current_snapshot
  txid_snapshot_xip txid_snapshot_xmax txid_snapshot_xmin txid_visible_in_snapshot`)

/**
 * What runs a text as SQL, reads a file or a large object, tells of other sessions, or takes a number;
 * and what PostgreSQL calls for itself: to read a value of a type that is told as an argument, for one.
 */
const refused =
  /^(pg_|lo_|lo(read|write)$|txid_|binary_upgrade|ts_stat$|(table|schema|database|query|cursor)_to_xml|fmgr_|satisfies_hash_partition$)|(_handler|_typanalyze|_transfn|_support|_in|_recv|_send|_out|recv|typmodin|typmodout)$/

/** Tells the text of definitions, which may name what is closed, or of the whole database. */
const telling =
  /^pg_get_(?!userbyid$|keywords$)|^(obj|col|shobj)_description$|^pg_(database|tablespace)_size$/

export interface BuiltinQuestion {
  readonly name: string
  readonly volatility: Volatility
  readonly arguments: number
  /** Some table or column of the source is closed. */
  readonly restricted: boolean
}

/** May a function of pg_catalog be called? By what PostgreSQL says of it, and by name where that is not enough. */
export function isOpenBuiltin(question: BuiltinQuestion): boolean {
  const { name, volatility, restricted } = question
  if (restricted && telling.test(name)) return false
  // With three arguments it is given what to put in; with two, a text that is run.
  if (name === 'ts_rewrite') return question.arguments === 3
  if (volatility === 'v') return volatileAndReading.has(name)
  return reading.has(name) || !refused.test(name)
}
