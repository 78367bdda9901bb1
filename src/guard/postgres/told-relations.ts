import { AppError } from '../../base/error.ts'
import { inspect, type Inspection, type NamedRelation } from './inspect.ts'
import { parseStatement } from './parse.ts'

/** Functions that tell of a table whose name or number they are given: its size, its rows, its columns. */
const telling = new Set(
  `pg_relation_size pg_table_size pg_indexes_size pg_total_relation_size pg_relation_filenode pg_relation_filepath
  pg_filenode_relation pg_stat_get_dead_tuples pg_stat_get_live_tuples pg_stat_get_numscans pg_stat_get_tuples_deleted
  pg_stat_get_tuples_inserted pg_stat_get_tuples_updated pg_sequence_last_value pg_sequence_parameters
  pg_describe_object pg_identify_object pg_identify_object_as_address pg_get_object_address pg_partition_tree
  pg_partition_ancestors pg_partition_root pg_index_column_has_property pg_index_has_property
  pg_relation_is_updatable pg_column_is_updatable pg_relation_is_publishable row_security_active`.split(
    /\s+/,
  ),
)

export const tellsOfRelations = (name: string): boolean => telling.has(name)

/**
 * Where something is closed, such a function may be asked about an open table alone, named by a text.
 * @throws AppError `not_open`
 */
export function checkToldRelations(
  { functions }: Inspection,
  isOpen: (relation: NamedRelation) => boolean,
): void {
  for (const { name, text } of functions) {
    if (telling.has(name) && !isOpenName(text, isOpen)) throw notOpen(name)
  }
}

/** Of a text as `'public.orders'`; a number may be that of any table. */
function isOpenName(
  text: string | undefined,
  isOpen: (relation: NamedRelation) => boolean,
): boolean {
  if (text === undefined) return false
  try {
    const { relations } = inspect(parseStatement(`TABLE ${text}`))
    return relations.length === 1 && relations.every(isOpen)
  } catch {
    return false
  }
}

const notOpen = (name: string): AppError =>
  new AppError('not_open', `What ${name}() tells of this is not open here.`, {
    hint: `Name an open table as a text: ${name}('orders').`,
  })
