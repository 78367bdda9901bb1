import type { ReadRules } from '../../sources/duckdb/terms.ts'
import { wordsIn } from './functions.ts'

/** Tells of DuckDB alone, never of the database. */
const harmlessTables = wordsIn('pg_catalog.pg_am pg_catalog.pg_collation pg_catalog.pg_tablespace')

/** Tells of all tables. Not among them: paths, settings, logs, secrets, prepared statements. */
const tellingTables = wordsIn(`
  information_schema.character_sets information_schema.check_constraints information_schema.columns
  information_schema.constraint_column_usage information_schema.constraint_table_usage
  information_schema.key_column_usage information_schema.referential_constraints
  information_schema.schemata information_schema.table_constraints information_schema.tables
  information_schema.views
  main.duckdb_columns main.duckdb_constraints main.duckdb_indexes main.duckdb_schemas
  main.duckdb_tables main.duckdb_types main.duckdb_views main.sqlite_master main.sqlite_schema
  main.sqlite_temp_master main.sqlite_temp_schema
  pg_catalog.pg_attrdef pg_catalog.pg_attribute pg_catalog.pg_class pg_catalog.pg_constraint
  pg_catalog.pg_database pg_catalog.pg_depend pg_catalog.pg_description pg_catalog.pg_enum
  pg_catalog.pg_index pg_catalog.pg_indexes pg_catalog.pg_namespace pg_catalog.pg_proc
  pg_catalog.pg_sequence pg_catalog.pg_sequences pg_catalog.pg_tables pg_catalog.pg_type
  pg_catalog.pg_views`)

export const openSystemTables = (restricted: boolean): ReadonlySet<string> =>
  new Set(restricted ? harmlessTables : [...harmlessTables, ...tellingTables])

/** Functions in FROM that make rows of their arguments. */
const harmlessFunctions = wordsIn(`
  generate_series icu_calendar_names json_each json_tree pg_timezone_names pragma_collations
  pragma_platform pragma_user_agent pragma_version range regexp_split_to_table repeat repeat_row summary
  test_all_types test_vector_types unnest duckdb_keywords duckdb_optimizers`)

const tellingFunctions = wordsIn(`
  duckdb_columns duckdb_constraints duckdb_functions duckdb_indexes duckdb_schemas
  duckdb_sequences duckdb_tables duckdb_types duckdb_views duckdb_dependencies
  pragma_database_size`)

/** Those whose first argument is the name of a table. */
const namingFunctions = wordsIn(`
  histogram histogram_values query_table`)

const catalogFunctions = wordsIn('pragma_table_info pragma_show')

/** Its statistics are of the table itself, whatever mask stands before it. */
const tellingCatalogFunctions = wordsIn('pragma_storage_info')

/** Those that read a data file: one that is shown as a table, and no other. */
const fileFunctions = wordsIn(`
  read_csv read_csv_auto read_json read_json_auto read_ndjson read_ndjson_auto read_parquet
  parquet_scan`)

export function openTableFunctions(restricted: boolean): ReadRules['tableFunctions'] {
  const plain = restricted ? harmlessFunctions : [...harmlessFunctions, ...tellingFunctions]
  return new Map([
    ...plain.map((name) => [name, 'plain'] as const),
    ...namingFunctions.map((name) => [name, 'table'] as const),
    ...catalogFunctions.map((name) => [name, 'catalog'] as const),
    ...(restricted ? [] : tellingCatalogFunctions.map((name) => [name, 'catalog'] as const)),
    ...fileFunctions.map((name) => [name, 'file'] as const),
  ])
}

/**
 * Functions that DuckDB has and nobody may call: they read files and other databases, tell paths,
 * settings and secrets, run SQL out of texts, change what a later call sees, or wait.
 */
export const refusedFunctions: ReadonlySet<string> = new Set(
  wordsIn(`
  read_text read_blob read_json_objects read_json_objects_auto read_ndjson_objects read_duckdb
  read_xlsx parquet_metadata parquet_file_metadata parquet_full_metadata
  parquet_kv_metadata parquet_schema parquet_bloom_probe sniff_csv glob arrow_scan arrow_scan_dumb
  seq_scan sqlite_scan sqlite_attach postgres_scan postgres_query postgres_attach mysql_scan
  mysql_query iceberg_scan delta_scan st_read getenv getvariable
  query json_execute_serialized_sql json_serialize_plan json_serialize_sql
  json_deserialize_sql sql_auto_complete check_peg_parser
  nextval currval setseed write_log error sleep_ms pg_sleep stats current_query current_query_id
  current_connection_id current_transaction_id txid_current
  checkpoint force_checkpoint enable_logging disable_logging truncate_duckdb_logs enable_profiling
  disable_profiling enable_peg_parser disable_peg_parser which_secret parse_duckdb_log_message
  duckdb_databases duckdb_extensions duckdb_external_file_cache duckdb_log_contexts duckdb_logs
  duckdb_logs_parsed duckdb_memory duckdb_prepared_statements duckdb_profiling_settings
  duckdb_secrets duckdb_secret_types duckdb_settings duckdb_temporary_files duckdb_variables
  pragma_storage_info duckdb_table_sample pragma_metadata_info pragma_database_list
  duckdb_approx_database_count duckdb_connection_count`),
)

/** Settings that tell nothing of paths, users and secrets. */
export const openSettings: ReadonlySet<string> = new Set(
  wordsIn(`
  threads worker_threads memory_limit max_memory timezone calendar default_collation default_order
  default_null_order preserve_insertion_order integer_division search_path schema access_mode
  pivot_limit ieee_floating_point_ops scalar_subquery_error_on_multiple_rows
  errors_as_json max_expression_depth storage_compatibility_version lock_configuration`),
)

/** What SHOW may list: nothing where a table is closed. */
export const openListings = (restricted: boolean): ReadonlySet<string> =>
  new Set(
    restricted ? [] : ['tables', '__show_tables_expanded', 'schemas', 'databases', 'from', ''],
  )
