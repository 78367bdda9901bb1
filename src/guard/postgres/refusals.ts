import { AppError } from '../../base/error.ts'

/** What the kinds of nodes that are refused most are called by people. */
const words: readonly (readonly [RegExp, string])[] = [
  [/^(Insert|Update|Delete|Merge)Stmt$/, 'would change rows'],
  [/intoClause|^CreateTableAs/, 'would create a table (INTO)'],
  [/lockingClause/, 'would lock rows (FOR UPDATE or FOR SHARE)'],
  [/^ParamRef$/, 'has a placeholder and no value for it'],
  [/^Copy/, 'would copy rows to a file or program'],
  [
    /^(Transaction|Variable|Discard|Prepare|Execute|Deallocate|Declare|Lock|Listen|Notify|Unlisten)/,
    'would change the session',
  ],
  [
    /^(Create|Alter|Drop|Truncate|Grant|Rename|Comment|Reindex|Vacuum|Cluster|Refresh|Define|Import|SecLabel|Reassign)/,
    'would change the database',
  ],
]

export function refused(kind: string): AppError {
  const [, what] = words.find(([pattern]) => pattern.test(kind)) ?? []
  if (kind === 'ParamRef') {
    return new AppError('invalid_input', 'The statement has a placeholder and no value for it.', {
      hint: 'Write the value into the statement.',
    })
  }
  return new AppError(
    'statement_refused',
    what === undefined
      ? `The statement uses something that is not known to be harmless (${kind}).`
      : `The statement ${what}; only reading is possible here.`,
  )
}

export const tooDeep = (): AppError =>
  new AppError('statement_refused', 'The statement is nested too deeply to be judged.', {
    hint: 'Write it with fewer levels of parentheses or shorter chains of operators.',
  })

export const otherDatabase = (): AppError =>
  new AppError('statement_refused', 'The name is that of another database.', {
    hint: 'Write schema.table or the table alone.',
  })
