import { foldCase } from '../base/fold-case.ts'
import type { ColumnRule } from '../sources/statement.ts'

/** What the config opens of a source. */
export interface Visibility {
  /** The only tables that are open; all where undefined. */
  readonly tables: readonly string[] | undefined
  /** `table.column` → how it is closed. */
  readonly columns: Readonly<Record<string, ColumnRule>>
  /** Settings of the session that say who asks, and so may be read. */
  readonly identity?: Readonly<Record<string, string>>
}

/** True where anything at all is closed: then nothing that tells of the whole database is open. */
export const isRestricted = ({ tables, columns }: Visibility): boolean =>
  tables !== undefined || Object.keys(columns).length > 0

export const isListed = ({ tables }: Visibility, table: string): boolean =>
  tables === undefined || tables.some((name) => foldCase(name) === foldCase(table))

/** The closed columns of a table, by folded name. */
export function closedColumns(
  { columns }: Visibility,
  table: string,
  fold: (name: string) => string = foldCase,
): Map<string, ColumnRule> {
  const prefix = `${fold(table)}.`
  return new Map(
    Object.entries(columns)
      .map(([name, rule]) => [fold(name), rule] as const)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, rule]) => [name.slice(prefix.length), rule]),
  )
}
