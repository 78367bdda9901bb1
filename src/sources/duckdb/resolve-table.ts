import { foldCase } from '../../base/fold-case.ts'
import { AppError } from '../../base/error.ts'
import type { ReadRules } from './terms.ts'

export interface NamedTable {
  readonly catalog: string
  readonly schema: string
  readonly table: string
}

export interface TableScope {
  /** How DuckDB calls the database. */
  readonly catalog: string
  /** Folded: where a bare name is looked up first; `main` but inside a view of another schema. */
  readonly schema: string
  /** Folded names of the common table expressions in sight. */
  readonly commonTables: ReadonlySet<string>
  /** The tables that data files are shown as, by every path that may be written for them. */
  readonly files: ReadonlyMap<string, string>
  /** True inside a view that is open: it shows what it was made to show, also of closed tables. */
  readonly trusted: boolean
}

/**
 * Which table a name means, as DuckDB resolves it: the key of its rule, or undefined for what has
 * none, a common table expression or a view of DuckDB's own. A file's name is no table's.
 *
 * @throws AppError `not_open`, `unknown_table`, `statement_refused`
 */
export function resolveTable(
  named: NamedTable,
  rules: ReadRules,
  scope: TableScope,
): string | undefined {
  const { catalog, schema, table } = foldNames(named)
  // `recurring.x` is the whole of a recursion so far (WITH RECURSIVE … USING KEY).
  const isLocal = catalog === '' && (schema === '' || schema === 'recurring')
  if (isLocal && scope.commonTables.has(table)) return undefined
  const key = isLocal && !rules.tables.has(table) ? foldFile(named, scope) : undefined
  return checkAccess(key ?? keyOf({ catalog, schema, table }, rules, scope), named, {
    rules,
    scope,
  })
}

const foldFile = ({ table }: NamedTable, { files }: TableScope): string | undefined => {
  const shown = files.get(table)
  return shown === undefined ? undefined : foldCase(shown)
}

function checkAccess(
  key: string | undefined,
  named: NamedTable,
  { rules, scope }: { rules: ReadRules; scope: TableScope },
): string | undefined {
  if (key === undefined) throw unknownTable(named)
  if (rules.systemTables.has(key)) return undefined
  const rule = rules.tables.get(key)
  if (rule === undefined) throw unknownTable(named)
  if (rule.access !== 'open' && !scope.trusted) throw notOpen(named)
  // A mask stands before the bare name of a table of `main` only.
  const isFile = scope.files.has(named.table)
  if (rule.closedColumns.size > 0 && !isFile && passesMask(key, foldNames(named))) {
    throw qualified(named)
  }
  return key
}

const foldNames = ({ catalog, schema, table }: NamedTable): NamedTable => ({
  catalog: foldCase(catalog),
  schema: foldCase(schema),
  table: foldCase(table),
})

function keyOf(
  { catalog, schema, table }: NamedTable,
  { tables, systemTables }: ReadRules,
  scope: TableScope,
): string | undefined {
  const own = foldCase(scope.catalog)
  if (catalog === '' && schema === '' && tables.has(`${scope.schema}.${table}`)) {
    return `${scope.schema}.${table}`
  }
  if (catalog !== '' && catalog !== own && catalog !== 'system') return undefined
  const named = `${schema}.${table}`
  if (systemTables.has(named)) return named
  if (catalog === 'system') return undefined
  if (schema === '' || schema === 'main') {
    const system = ['main', 'pg_catalog'].map((place) => `${place}.${table}`)
    return tables.has(table) ? table : (system.find((one) => systemTables.has(one)) ?? table)
  }
  if (tables.has(named)) return named
  return catalog === '' && schema === own ? table : undefined
}

const passesMask = (key: string, { catalog, schema, table }: NamedTable): boolean =>
  catalog !== '' || !['', 'main'].includes(schema) || key !== table

const unknownTable = ({ catalog, schema, table }: NamedTable): AppError => {
  const name = [catalog, schema, table].filter((part) => part !== '').join('.')
  return new AppError('unknown_table', `There is no table ${name}.`, { subject: table })
}

const notOpen = ({ table }: NamedTable): AppError =>
  new AppError('not_open', `The table ${table} is not open.`, { subject: table })

const qualified = ({ table }: NamedTable): AppError =>
  new AppError('not_open', `The table ${table} has closed columns and is read by its bare name.`, {
    hint: `Write ${table} without its schema or database.`,
  })
