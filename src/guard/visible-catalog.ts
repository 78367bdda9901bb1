import type { Catalog, Table } from '../sources/catalog.ts'
import type { TableRules } from '../sources/statement.ts'
import { isRestricted, type Visibility } from './visibility.ts'

interface Rules {
  readonly tables: TableRules
  readonly fold: (name: string) => string
}

/** The catalog as a model may see it: open tables, without what is hidden or tells of what is closed. */
export function toVisibleCatalog(
  catalog: Catalog,
  { tables: rules, fold }: Rules,
  visibility: Visibility,
): Catalog {
  const isOpen = (table: string): boolean => rules.get(fold(table))?.access === 'open'
  const isHidden = (table: string, column: string): boolean =>
    rules.get(fold(table))?.closedColumns.get(fold(column)) === 'hide'
  const tables = catalog.tables
    .filter(({ name, kind }) => kind !== 'shadow' && isOpen(name))
    .map((table) => withoutHidden(table, rules.get(fold(table.name))?.closedColumns, fold))
    .map((table) => ({
      ...table,
      foreignKeys: table.foreignKeys.filter(
        (key) =>
          isOpen(key.table) && key.references.every((column) => !isHidden(key.table, column)),
      ),
      // Its text may name closed tables and columns.
      definition: isRestricted(visibility) ? null : table.definition,
    }))
  return { ...catalog, tables }
}

function withoutHidden(
  table: Table,
  closed: ReadonlyMap<string, string> = new Map(),
  fold: Rules['fold'],
): Table {
  const isShown = (column: string): boolean => closed.get(fold(column)) !== 'hide'
  return {
    ...table,
    columns: table.columns
      .filter(({ name }) => isShown(name))
      .map((column) => (closed.has(fold(column.name)) ? { ...column, masked: true } : column)),
    foreignKeys: table.foreignKeys.filter(({ columns }) => columns.every(isShown)),
    indexes: table.indexes.filter(({ columns }) => columns.every(isShown)),
  }
}
