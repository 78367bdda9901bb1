import { foldCase } from '../../base/fold-case.ts'
import type { DuckdbTerms } from '../../sources/duckdb/terms.ts'
import type { DialectGuard } from '../dialect-guard.ts'
import { duckdbBinding } from './binding.ts'
import { toRules } from './rules.ts'

/**
 * The rules are written here and enforced in the worker: the grammar is DuckDB's own, and only there is
 * it at hand.
 */
export const duckdbGuard: DialectGuard = {
  fold: foldCase,
  binding: duckdbBinding,
  prepare(catalog, visibility) {
    const rules = toRules(catalog, visibility)
    return {
      tables: rules.tables,
      judge: (text) => ({ text, terms: { rules } satisfies DuckdbTerms }),
    }
  },
}
