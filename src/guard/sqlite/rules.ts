import { foldCase } from '../../base/fold-case.ts'
import type { Catalog, Table } from '../../sources/catalog.ts'
import type { AccessRules, SqliteFacts } from '../../sources/sqlite/terms.ts'
import type { ColumnRule, TableRule, TableRules } from '../../sources/statement.ts'
import { closedColumns, isListed, isRestricted, type Visibility } from '../visibility.ts'
import { commonTables } from './common-tables.ts'
import { derivedColumns } from './derived-columns.ts'
import { openFunctions } from './functions.ts'
import { openPragmas, type Telling } from './pragmas.ts'
import { reach, wordsOf } from './reach.ts'
import { tellingTables } from './telling-tables.ts'
import { tokenize } from './tokens.ts'

/** Tables that SQLite itself provides: functions in FROM, and what it keeps of the whole database. */
const functionTables = ['json_each', 'json_tree', 'jsonb_each', 'jsonb_tree']
const wholeTables = `sqlite_schema sqlite_master sqlite_temp_schema sqlite_temp_master
  sqlite_sequence sqlite_stat1 sqlite_stat4 dbstat`.split(/\s+/)

/** What the engine is told to enforce for this catalog under this visibility. */
export function toRules(catalog: Catalog, visibility: Visibility): AccessRules {
  const restricted = isRestricted(visibility)
  const views = catalog.tables.filter(({ kind }) => kind === 'view')
  const tables = new Map(catalogTables(catalog, visibility))
  const settings = openPragmas(restricted ? whatMayBeTold(catalog, tables) : undefined)
  const isOpen = ({ name }: Table): boolean => tables.get(foldCase(name))?.access === 'open'
  return {
    tables: new Map([
      ...modules(catalog),
      ...engineTables([...settings.keys()], restricted),
      ...tables,
    ]),
    views: restricted ? trustedNames(views, views.filter(isOpen)) : new Set(),
    commonTables: new Set(views.flatMap(innerTables)),
    functions: openFunctions,
    settings,
  }
}

/** Tables that an extension answers for without their being made: closed, unless they are named below. */
const modules = ({ facts }: Catalog): [string, TableRule][] =>
  ((facts as SqliteFacts | undefined)?.modules ?? []).map((name) => [
    name,
    { access: 'closed', closedColumns: new Map() },
  ])

function engineTables(pragmas: readonly string[], restricted: boolean): [string, TableRule][] {
  const names = [...functionTables, ...pragmas.map((name) => `pragma_${name}`)]
  if (!restricted) names.push(...wholeTables)
  return names.map((name) => [name, { access: 'open', closedColumns: new Map() }])
}

function catalogTables(catalog: Catalog, visibility: Visibility): [string, TableRule][] {
  const closedOf = new Map(
    catalog.tables.map((table) => [foldCase(table.name), allClosed(table, visibility)]),
  )
  const telling = tellingTables(catalog, closedOf)
  return catalog.tables.map((table) => {
    const name = foldCase(table.name)
    const access = telling.has(name) ? 'closed' : toAccess(table, visibility)
    return [name, { access, closedColumns: closedOf.get(name) ?? new Map() }]
  })
}

function allClosed(table: Table, visibility: Visibility): ReadonlyMap<string, ColumnRule> {
  const closed = closedColumns(visibility, table.name)
  return new Map([...derivedColumns(table, closed), ...closed])
}

function toAccess({ kind, name }: Table, visibility: Visibility): TableRule['access'] {
  if (kind === 'shadow') return isRestricted(visibility) ? 'internal' : 'open'
  return isListed(visibility, name) ? 'open' : 'closed'
}

/** Tables that are open without a hidden column, and those that refer to no others. */
function whatMayBeTold({ tables }: Catalog, rules: TableRules): Telling {
  const whole = tables.filter(({ name }) => isWhole(rules.get(foldCase(name))))
  const names = new Set(whole.map(({ name }) => foldCase(name)))
  const plain = whole.filter(({ foreignKeys }) =>
    foreignKeys.every((key) => names.has(foldCase(key.table))),
  )
  return { tables: names, references: new Set(plain.map(({ name }) => foldCase(name))) }
}

const isWhole = (rule: TableRule | undefined): boolean =>
  rule?.access === 'open' && ![...rule.closedColumns.values()].includes('hide')

/** Open views, the views those read, and what is defined inside them: what they show is open, whatever it is read from. */
function trustedNames(views: readonly Table[], open: readonly Table[]): ReadonlySet<string> {
  const words = new Map(views.map((view) => [foldCase(view.name), wordsOf(view.definition)]))
  const trusted = reach(open, (name) =>
    views.filter((view) => words.get(name)?.has(foldCase(view.name))),
  )
  const inner = views.filter(({ name }) => trusted.has(foldCase(name))).flatMap(innerTables)
  return new Set([...trusted, ...inner])
}

/** The common table expressions of a view. */
const innerTables = ({ definition }: Table): string[] => [
  ...commonTables(tokenize(definition ?? '')),
]
