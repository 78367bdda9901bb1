import type { AccessRules } from '../../sources/sqlite/terms.ts'

/**
 * Pragmas that only tell and change nothing, read without an argument (https://sqlite.org/pragma.html).
 * Left out are those that act without one, and those that show paths.
 */
const plain = `analysis_limit application_id auto_vacuum automatic_index busy_timeout cache_size
  cache_spill cell_size_check checkpoint_fullfsync collation_list compile_options data_version
  defer_foreign_keys encoding foreign_keys freelist_count fullfsync function_list
  hard_heap_limit ignore_check_constraints journal_mode journal_size_limit legacy_alter_table
  locking_mode max_page_count mmap_size module_list page_count page_size pragma_list query_only
  read_uncommitted recursive_triggers reverse_unordered_selects schema_version secure_delete
  soft_heap_limit synchronous temp_store threads trusted_schema user_version wal_autocheckpoint
  writable_schema`.split(/\s+/)

/** Those that tell of the table they name, and those that tell of the tables it refers to as well. */
const ofTable = ['table_info', 'table_xinfo', 'index_list']
const ofReferences = ['foreign_key_list']

/** Those that tell of the whole database, or of an index whose table is not named. */
const ofWhole = `table_list index_info index_xinfo integrity_check quick_check
  foreign_key_check`.split(/\s+/)

/** Lower-case names of the tables of which all may be told. */
export interface Telling {
  readonly tables: ReadonlySet<string>
  /** Of these also what they refer to. */
  readonly references: ReadonlySet<string>
}

/** What may be asked; anything of anything where nothing is closed. */
export function openPragmas(telling: Telling | undefined): AccessRules['settings'] {
  return new Map<string, 'plain' | 'any' | ReadonlySet<string>>([
    ...plain.map((name) => [name, 'plain'] as const),
    ...ofTable.map((name) => [name, telling?.tables ?? 'any'] as const),
    ...ofReferences.map((name) => [name, telling?.references ?? 'any'] as const),
    ...(telling === undefined ? ofWhole : []).map((name) => [name, 'any'] as const),
  ])
}
