import { AppError } from '../../base/error.ts'
import { foldCase } from '../../base/fold-case.ts'
import type { PlacedReference, References, TableReference } from './references.ts'
import type { Rules } from './rules.ts'
import type { Standing } from './standing.ts'

/** Databases of the server itself: users, other people's statements, files. */
const systemSchemas = new Set(['mysql', 'performance_schema', 'sys'])

/**
 * Of information_schema: what describes tables, and nothing of users, files and running statements; nor
 * COLUMN_STATISTICS, whose histograms hold values of every database's rows.
 */
const openInformation = new Set(
  `applicable_roles character_sets check_constraints collation_character_set_applicability collations
  columns columns_extensions enabled_roles engines events geometry_columns
  key_column_usage keywords parameters partitions plugins referential_constraints routines schemata
  schemata_extensions sql_functions st_geometry_columns st_spatial_reference_systems st_units_of_measure
  statistics table_constraints table_constraints_extensions table_statistics tables tables_extensions
  triggers view_routine_usage view_table_usage views global_status session_status periods
  spatial_ref_sys index_statistics`.split(/\s+/),
)

/** MariaDB makes these up: https://mariadb.com/kb/en/sequence-storage-engine/ */
const madeUp = /^seq_\d+_to_\d+(?:_step_\d+)?$/i

/** A name in the text, and the table of the catalog that it means. */
export interface ResolvedTable {
  readonly reference: PlacedReference
  readonly standing: Standing
}

/** The catalog's tables among those that a statement names; every name must be one that may be read. */
export function resolveTables({ tables, commonTables }: References, rules: Rules): ResolvedTable[] {
  const common = new Set(commonTables.map(rules.keyOf))
  return tables.flatMap((reference) => {
    const standing = resolveTable(reference, common, rules)
    return standing === undefined ? [] : [{ reference, standing }]
  })
}

/** Undefined where it is none of the catalog's. */
export function resolveTable(
  { schema, name }: TableReference,
  common: ReadonlySet<string>,
  rules: Rules,
): Standing | undefined {
  const { database, product, foldsTableNames } = rules.facts
  if (schema === undefined) {
    const standing = database === undefined ? undefined : rules.standings.get(rules.keyOf(name))
    const isCommon = common.has(rules.keyOf(name))
    if (standing === undefined && (isCommon || (product === 'MariaDB' && madeUp.test(name)))) return
    if (standing === undefined) throw unknown(name, rules)
    if (isCommon && standing.closedColumns.size > 0) throw shadowing(name)
    return open(standing)
  }
  const folded = foldCase(schema)
  if (folded === 'information_schema') return openInformationTable(name, rules)
  if (systemSchemas.has(folded)) throw notOpen(`${schema}.${name}`)
  const isOwn = schema === database || (foldsTableNames && folded === foldCase(database ?? ''))
  if (database !== undefined && !isOwn) throw otherDatabase(schema, database)
  const key = rules.keyOf(database === undefined ? `${schema}.${name}` : name)
  const standing = rules.standings.get(key)
  if (standing === undefined)
    throw unknown(database === undefined ? `${schema}.${name}` : name, rules)
  return open(standing)
}

/** @throws AppError where it may not be read. */
function open(standing: Standing): Standing {
  const { access, refusal, table } = standing
  if (access === 'closed') throw notOpen(table.name)
  if (refusal !== undefined) throw refusal
  return standing
}

function openInformationTable(name: string, { restricted }: Rules): undefined {
  if (!restricted && openInformation.has(foldCase(name))) return undefined
  throw new AppError('not_open', `information_schema.${name} is not open.`, {
    hint: 'Call get_schema for tables and columns.',
  })
}

const notOpen = (name: string): AppError =>
  new AppError('not_open', `The table ${name} is not open.`, { subject: name })

const otherDatabase = (schema: string, database: string): AppError =>
  new AppError('not_open', `Only the database ${database} is open here, and not ${schema}.`, {
    subject: schema,
  })

function unknown(name: string, { facts }: Rules): AppError {
  const isBare = facts.database === undefined && !name.includes('.')
  return new AppError(
    'unknown_table',
    isBare ? `Write ${name} with its database before it.` : `There is no table ${name}.`,
    { subject: name },
  )
}

const shadowing = (name: string): AppError =>
  new AppError('statement_refused', `The name ${name} is that of a table with closed columns.`, {
    hint: 'Give the common table expression another name.',
  })
