import { foldCase } from '../../base/fold-case.ts'
import type { Catalog, Table } from '../../sources/catalog.ts'
import type { ReadRules } from '../../sources/duckdb/terms.ts'
import type { TableRule } from '../../sources/statement.ts'
import { closedColumns, isListed, isRestricted, type Visibility } from '../visibility.ts'
import { openFunctions, tellingFunctions } from './functions.ts'
import { shapes } from './shapes.ts'
import {
  openListings,
  openSettings,
  openSystemTables,
  openTableFunctions,
  refusedFunctions,
} from './system.ts'

/** What a worker is told to enforce for this catalog under this visibility. */
export function toRules(catalog: Catalog, visibility: Visibility): ReadRules {
  const restricted = isRestricted(visibility)
  return {
    tables: new Map(
      catalog.tables.map((table) => [foldCase(table.name), toRule(table, visibility)]),
    ),
    systemTables: openSystemTables(restricted),
    functions: restricted ? openFunctions : new Set([...openFunctions, ...tellingFunctions]),
    refusedFunctions,
    tableFunctions: openTableFunctions(restricted),
    settings: openSettings,
    listings: openListings(restricted),
    shapes,
  }
}

/** A mask is a view in front of a bare name: outside of the schema `main` none can stand, so the table is closed. */
function toRule({ name, path, columns }: Table, visibility: Visibility): TableRule {
  const closed = closedColumns(visibility, name)
  // What is computed may be computed from what is closed.
  const computed = columns.filter(({ generated }) => generated && closed.size > 0)
  for (const column of computed) {
    if (!closed.has(foldCase(column.name))) closed.set(foldCase(column.name), 'mask')
  }
  const isMaskable = closed.size === 0 || path === undefined
  return {
    access: isListed(visibility, name) && isMaskable ? 'open' : 'closed',
    closedColumns: closed,
  }
}
