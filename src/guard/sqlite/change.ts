import { type ReadChange, readChange } from '../changes/read-change.ts'
import { sqliteBinding } from './binding.ts'

/** What else the engine may do for it, its authorizer says (`sources/sqlite/change-access.ts`). */
export const readSqliteChange = (text: string, wholeTable: boolean): ReadChange =>
  readChange(sqliteBinding.lexemes(text), wholeTable)
