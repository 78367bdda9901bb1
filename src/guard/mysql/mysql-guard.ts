import { foldCase } from '../../base/fold-case.ts'
import type { DialectGuard } from '../dialect-guard.ts'
import { mysqlBinding } from './binding.ts'
import { readMysqlChange } from './change.ts'
import { judge } from './judge.ts'
import { toRules } from './rules.ts'

/**
 * MySQL and MariaDB judge nothing themselves beforehand: the text is read here, by an allow-list of
 * statements, functions, variables and tables.
 */
export const mysqlGuard: DialectGuard = {
  fold: foldCase,
  binding: mysqlBinding,
  readChange: readMysqlChange,
  prepare(catalog, visibility) {
    const rules = toRules(catalog, visibility)
    return { tables: rules.tables, judge: (text, placeholders) => judge(text, rules, placeholders) }
  },
}
