import { foldCase } from '../../base/fold-case.ts'
import type { Catalog, Table } from '../../sources/catalog.ts'
import type { AccessRules } from '../../sources/sqlite/terms.ts'
import type { TableRule } from '../../sources/statement.ts'
import { closedColumns, isListed, isRestricted, type Visibility } from '../visibility.ts'
import { derivedColumns } from './derived-columns.ts'
import { openFunctions } from './functions.ts'
import { openPragmas } from './pragmas.ts'
import { tokenize } from './tokens.ts'

/** Tables that SQLite itself provides: functions in FROM, and what it keeps of the whole database. */
const functionTables = ['json_each', 'json_tree', 'jsonb_each', 'jsonb_tree']
const wholeTables = `sqlite_schema sqlite_master sqlite_temp_schema sqlite_temp_master
  sqlite_sequence sqlite_stat1 sqlite_stat4 dbstat`.split(/\s+/)

/** What the engine is told to enforce for this catalog under this visibility. */
export function toRules(catalog: Catalog, visibility: Visibility): AccessRules {
  const restricted = isRestricted(visibility)
  const settings = openPragmas(restricted)
  return {
    tables: new Map([
      ...engineTables([...settings.keys()], restricted),
      ...catalogTables(catalog, visibility),
    ]),
    views: restricted ? trustedViews(catalog, visibility) : new Set(),
    functions: openFunctions,
    settings,
  }
}

function engineTables(pragmas: readonly string[], restricted: boolean): [string, TableRule][] {
  const names = [...functionTables, ...pragmas.map((name) => `pragma_${name}`)]
  if (!restricted) names.push(...wholeTables)
  return names.map((name) => [name, { access: 'open', closedColumns: new Map() }])
}

function catalogTables(catalog: Catalog, visibility: Visibility): [string, TableRule][] {
  const telling = tellingTables(catalog, visibility)
  return catalog.tables.map((table) => {
    const closed = closedColumns(visibility, table.name)
    const access = telling.has(foldCase(table.name)) ? 'closed' : toAccess(table, visibility)
    const all = new Map([...closed, ...derivedColumns(table, closed)])
    return [foldCase(table.name), { access, closedColumns: all }]
  })
}

function toAccess({ kind, name }: Table, visibility: Visibility): TableRule['access'] {
  if (kind === 'shadow') return isRestricted(visibility) ? 'internal' : 'open'
  return isListed(visibility, name) ? 'open' : 'closed'
}

/**
 * Virtual tables that would tell a closed column: their own, because a search reads it where no
 * mask reaches, or that of a table whose words they index (`content=`, fts5vocab).
 */
function tellingTables(catalog: Catalog, visibility: Visibility): ReadonlySet<string> {
  const virtual = catalog.tables.filter(({ kind }) => kind === 'virtual')
  const closed = catalog.tables.filter(({ name }) => closedColumns(visibility, name).size > 0)
  const reached = reach(closed, (name) => virtual.filter((table) => wordsOf(table).has(name)))
  return new Set(virtual.map(({ name }) => foldCase(name)).filter((name) => reached.has(name)))
}

/** Open views, and the views those read: what they show is open, whatever it is read from. */
function trustedViews(catalog: Catalog, visibility: Visibility): ReadonlySet<string> {
  const views = catalog.tables.filter(({ kind }) => kind === 'view')
  const open = views.filter(({ name }) => isListed(visibility, name))
  return reach(open, (name) => {
    const words = wordsOf(views.find((view) => foldCase(view.name) === name))
    return views.filter((view) => words.has(foldCase(view.name)))
  })
}

/** The folded names of `start` and of all that can be reached from there. */
function reach(
  start: readonly Table[],
  next: (name: string) => readonly Table[],
): ReadonlySet<string> {
  const reached = new Set<string>()
  const waiting = start.map(({ name }) => foldCase(name))
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name)) continue
    reached.add(name)
    waiting.push(...next(name).map((table) => foldCase(table.name)))
  }
  return reached
}

const wordsOf = (table: Table | undefined): ReadonlySet<string> =>
  new Set(tokenize(table?.definition ?? '').map(({ text }) => foldCase(text)))
