import type { AccessRules } from '../../sources/sqlite/terms.ts'

/** Pragmas that only tell and change nothing, read without an argument (https://sqlite.org/pragma.html). */
const plain = `application_id auto_vacuum collation_list compile_options data_version encoding
  foreign_keys freelist_count function_list journal_mode module_list page_count page_size pragma_list
  schema_version user_version`.split(/\s+/)

/** Those that tell of the table they name. */
const ofTable = ['table_info', 'table_xinfo', 'index_list', 'foreign_key_list']

/** Those that tell of the whole database, or of an index whose table is not named. */
const ofWhole = `table_list index_info index_xinfo integrity_check quick_check
  foreign_key_check`.split(/\s+/)

export function openPragmas(restricted: boolean): AccessRules['settings'] {
  return new Map([
    ...plain.map((name) => [name, 'plain'] as const),
    ...ofTable.map((name) => [name, restricted ? 'table' : 'any'] as const),
    ...(restricted ? [] : ofWhole).map((name) => [name, 'any'] as const),
  ])
}
