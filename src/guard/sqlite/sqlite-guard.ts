import { foldCase } from '../../base/fold-case.ts'
import type { SqliteTerms } from '../../sources/sqlite/terms.ts'
import type { DialectGuard } from '../dialect-guard.ts'
import { sqliteBinding } from './binding.ts'
import { readSqliteChange } from './change.ts'
import { readText } from './read-text.ts'
import { toRules } from './rules.ts'

/** SQLite judges by its own authorizer, under rules written here; the text itself tells the rest. */
export const sqliteGuard: DialectGuard = {
  fold: foldCase,
  binding: sqliteBinding,
  readChange: readSqliteChange,
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
