import type { AppError } from '../../base/error.ts'
import type { Table } from '../../sources/catalog.ts'
import type { ColumnRule } from '../../sources/statement.ts'

/** How a table stands to a statement that names it. */
export interface Standing {
  readonly table: Table
  /** By folded name: `mask` reads as NULL, `hide` is not there; also what is computed from such a column. */
  readonly closedColumns: ReadonlyMap<string, ColumnRule>
  readonly access: 'open' | 'closed'
  /** Why it is refused though it is open: what a view does, for example. */
  readonly refusal: AppError | undefined
}
