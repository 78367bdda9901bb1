import { foldCase } from '../../base/fold-case.ts'
import type { SqliteTerms } from '../../sources/sqlite/terms.ts'
import { readChange } from '../changes/read-change.ts'
import type { DialectGuard } from '../dialect-guard.ts'
import { sqliteBinding } from './binding.ts'
import { readText } from './read-text.ts'
import { toRules } from './rules.ts'

/** SQLite judges by its own authorizer, under rules written here; the text itself tells the rest. */
export const sqliteGuard: DialectGuard = {
  fold: foldCase,
  binding: sqliteBinding,
  // What else the engine may do for it, its authorizer says (`sources/sqlite/change-access.ts`).
  readChange: (text, wholeTable) => readChange(sqliteBinding.lexemes(text), wholeTable),
  prepare(catalog, visibility) {
    const rules = toRules(catalog, visibility)
    return {
      tables: rules.tables,
      judge: (text, placeholders) => ({
        text,
        terms: { ...readText(text, rules, placeholders), rules } satisfies SqliteTerms,
      }),
    }
  },
}
