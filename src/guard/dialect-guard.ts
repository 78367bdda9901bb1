import type { Catalog } from '../sources/catalog.ts'
import type { TableRules } from '../sources/statement.ts'
import type { BindingStyle } from './bind.ts'
import type { ReadChange } from './changes/read-change.ts'
import type { Visibility } from './visibility.ts'

/** What differs between dialects: how a text is read, and what its engine is told to enforce. */
export interface DialectGuard {
  /** How names are told apart; the keys of `tables` and of closed columns are folded so. */
  readonly fold: (name: string) => string
  readonly binding: BindingStyle
  /**
   * There where the engine can be written to.
   * @throws AppError `statement_refused`, `syntax_error`
   */
  readonly readChange?: (text: string, wholeTable: boolean) => ReadChange
  /** The rules for one catalog; made once for each. */
  prepare(catalog: Catalog, visibility: Visibility): PreparedGuard
}

export interface PreparedGuard {
  readonly tables: TableRules
  /**
   * `placeholders`: how many values come with the text; a placeholder without one is refused.
   * @throws AppError `statement_refused`, `not_open`, `syntax_error`, `invalid_input`, `unknown_table`
   */
  judge(text: string, placeholders: number): Judged
}

export interface Judged {
  /** As the source runs it. */
  readonly text: string
  /** For the driver of the dialect. */
  readonly terms: unknown
}
