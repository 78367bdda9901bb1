import { AppError, type ErrorCode } from '../../base/error.ts'

/** DuckDB's words for a name it does not have, with the name in a group. */
const unknownNames: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^Catalog Error: Table with name "?([^"]+?)"? does not exist/, 'unknown_table'],
  [/^Binder Error: Referenced table "([^"]+)" not found/, 'unknown_table'],
  [/^Binder Error: Referenced column "([^"]+)" (?:was )?not found/, 'unknown_column'],
  [/^Binder Error: Table "[^"]+" does not have a column named "([^"]+)"/, 'unknown_column'],
  [/^Binder Error: (?:Values list|Column) "([^"]+)" does not (?:have|exist)/, 'unknown_column'],
  [
    /^Catalog Error: (?:Scalar |Aggregate |Table |Window )?Function with name "?([^\s"]+)"? does not exist/,
    'unknown_function',
  ],
]

/** What the kind of an error means, and what is said instead of DuckDB's own advice, which is for its owner. */
const kinds: readonly (readonly [RegExp, ErrorCode, string?, string?])[] = [
  [/^Parser Error: /, 'syntax_error'],
  [
    /^Out of Memory Error: /,
    'memory_exceeded',
    'The statement needed more memory than it may have.',
  ],
  [/^INTERRUPT Error: /, 'cancelled', 'The statement was interrupted.'],
  [
    /^IO Error: Could not set lock on file/,
    'source_unavailable',
    'Another process has the database open for writing; DuckDB lets nobody read meanwhile.',
    'Ask again when that program has closed the database.',
  ],
  [
    /^(?:IO|Serialization) Error: .*(?:not a valid DuckDB database|newer version|older version|storage version)/is,
    'source_unavailable',
    'The database file is damaged, or of a version that this DuckDB does not read.',
  ],
  [/^IO Error: /, 'source_unavailable', 'The file system refused to read the data.'],
  [/^Permission Error: /, 'statement_refused', 'The statement reads what is not open.'],
  [
    /^FATAL Error: |^TransactionContext Error: Failed to commit/,
    'worker_lost',
    'The engine gave up on the statement.',
  ],
]

/** Strings beyond what V8 can hold (ERR_STRING_TOO_LONG), and lists beyond an array's length. */
const tooLarge =
  /Cannot create a string longer|Invalid (?:string|array) length|string too (?:large|long)/i

/**
 * What DuckDB said, as an error of the catalogue: its first line, without the advice that follows, which
 * names settings and candidates that may be closed.
 */
export function toFailure(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const { message } = thrown as Error
  for (const [pattern, code] of unknownNames) {
    const [, subject] = pattern.exec(message) ?? []
    if (subject !== undefined) {
      return new AppError(code, sentence(message), {
        subject: subject.split('.').at(-1),
        cause: thrown,
      })
    }
  }
  const kind = kinds.find(([pattern]) => pattern.test(message))
  if (kind !== undefined) {
    const [, code, text, hint] = kind
    return new AppError(code, text ?? sentence(message), { hint, cause: thrown })
  }
  if (tooLarge.test(message)) {
    return new AppError('result_too_large', 'A value is too large to be read.', { cause: thrown })
  }
  if (!/^[A-Z][\w ]* Error: /i.test(message)) {
    return new AppError('internal', 'The driver failed.', { cause: thrown })
  }
  return new AppError('query_failed', sentence(message), { cause: thrown })
}

function sentence(message: string): string {
  const said = message.replace(/^[A-Z][\w ]* Error: /i, '').split('\n', 1)[0] ?? ''
  const plain = said.replace(/ Use "SET .*$/, '')
  const whole = `${plain.charAt(0).toUpperCase()}${plain.slice(1)}`.trim()
  return /[.!?]$/.test(whole) ? whole : `${whole}.`
}
