import type { Column, Table } from '../sources/catalog.ts'
import type { ColumnRule } from '../sources/statement.ts'

/** How a dialect writes what closes columns by the text of a statement. */
export interface MaskingDialect {
  quote(name: string): string
  /** The table itself, qualified so that no common table expression can stand in its place. */
  qualify(table: Table): string
  /** The name that stands in for the table; the table's own where left out. */
  standIn?(table: Table): string
  /** What stands between that name and its definition; `AS` where left out. */
  readonly as?: string
  /** A NULL of the column's type. */
  nullOf(column: Column): string
}

export interface MaskedTable {
  readonly table: Table
  /** By folded name: `mask` reads as NULL, `hide` is not there. */
  readonly closedColumns: ReadonlyMap<string, ColumnRule>
}

/**
 * Common table expressions that stand in for tables with closed columns: put before a statement, every
 * use of the name there sees NULL for a masked column and no hidden one, whatever the expression.
 *
 * @example `customers AS (SELECT id, CAST(NULL AS text) AS email FROM public.customers)`
 */
export function maskedTables(
  masked: readonly MaskedTable[],
  dialect: MaskingDialect,
  fold: (name: string) => string,
): string[] {
  return masked.map(({ table, closedColumns }) => {
    const columns = table.columns.flatMap((column) => {
      const rule = closedColumns.get(fold(column.name))
      if (rule === 'hide') return []
      const name = dialect.quote(column.name)
      return rule === 'mask' ? `${dialect.nullOf(column)} AS ${name}` : name
    })
    const name = dialect.quote(dialect.standIn?.(table) ?? table.path?.at(-1) ?? table.name)
    const from = dialect.qualify(table)
    return `${name} ${dialect.as ?? 'AS'} (SELECT ${columns.join(', ')} FROM ${from})`
  })
}
