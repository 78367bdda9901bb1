import { type ReadChange, readChange } from '../changes/read-change.ts'
import { refused } from '../changes/refusals.ts'
import { mysqlBinding } from './binding.ts'
import { tokenize } from './tokens.ts'

/** Words that write files of the server's. */
const fileWords = ['OUTFILE', 'DUMPFILE']

export function readMysqlChange(text: string, wholeTable: boolean): ReadChange {
  const tokens = tokenize(text)
  if (tokens.some(({ kind }) => kind === 'code' || kind === 'hint')) {
    throw refused(
      'A comment that the server runs may not be used here.',
      'Leave out what stands in /*! … */ and /*+ … */.',
    )
  }
  const file = tokens.find(({ upper }) => fileWords.includes(upper))
  if (file !== undefined)
    throw refused('Files are not written here.', 'Leave out INTO …FILE.', file.text)
  return readChange(mysqlBinding.lexemes(text), wholeTable)
}
