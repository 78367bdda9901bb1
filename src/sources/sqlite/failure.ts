import { AppError, type ErrorCode } from '../../base/error.ts'

/** What the driver throws: SQLite's message and result code (https://sqlite.org/rescode.html). */
interface SqliteError {
  readonly message: string
  /** `ERR_SQLITE_ERROR` where SQLite itself failed. */
  readonly code?: string
  readonly errcode?: number
}

/** While rows are read the driver passes on the message alone. */
const codeOfMessage: Readonly<Record<string, number>> = {
  'database is locked': 5,
  'database table is locked': 6,
  'out of memory': 7,
  'disk I/O error': 10,
  'database disk image is malformed': 11,
  'string or blob too big': 18,
}

/** SQLite has one code for every mistake in a statement; only its words tell them apart. */
const mistakes: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^no such table: (?:main\.)?(.+)$/, 'unknown_table'],
  [/^no such column: "?([^"]+?)"?(?: - should this be .*)?$/, 'unknown_column'],
  [/^no such function: (.+)$/, 'unknown_function'],
  [/^ambiguous column name: (.+)$/, 'query_failed'],
  [/^near ".*": syntax error$|^incomplete input$|^unrecognized token: /s, 'syntax_error'],
]

const locked = [
  'source_unavailable',
  'Another process is writing to the database; it stayed locked.',
  'Ask again in a moment.',
] as const

const conditions: Readonly<Record<number, readonly [ErrorCode, string, string?]>> = {
  5: locked,
  6: locked,
  7: ['memory_exceeded', 'The statement needed more memory than it may have.'],
  8: [
    'source_unavailable',
    'The database has an unfinished write that only a writer can undo.',
    'Open it once with the program that writes to it, then ask again.',
  ],
  10: ['source_unavailable', 'The file system refused to read the database.'],
  11: [
    'source_unavailable',
    'The database file is damaged.',
    'Run PRAGMA integrity_check on a copy.',
  ],
  14: ['source_unavailable', 'The database file cannot be opened.'],
  18: [
    'result_too_large',
    'A text or blob is larger than 64 MB, more than can be read or made here.',
    'Leave that column out; even its length or beginning cannot be read.',
  ],
  26: ['source_unavailable', 'The file is not a SQLite database, or it is encrypted.'],
}

/** What SQLite said, as an error of the catalogue. SQLite's messages name no paths, so a model may read them. */
export function toFailure(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const { message, code, errcode = codeOfMessage[message] ?? 1 } = thrown as SqliteError
  if (code !== 'ERR_SQLITE_ERROR') {
    return new AppError('internal', 'The driver failed.', { cause: thrown })
  }
  const condition = conditions[errcode & 0xff]
  if (condition !== undefined) {
    const [kind, text, hint] = condition
    return new AppError(kind, text, { hint, cause: thrown })
  }
  for (const [pattern, mistake] of mistakes) {
    const found = pattern.exec(message)
    if (found !== null) {
      return new AppError(mistake, sentence(message), { subject: found[1], cause: thrown })
    }
  }
  return new AppError('query_failed', sentence(message), { cause: thrown })
}

/** Without SQLite's own hint: ours knows the tables. */
function sentence(message: string): string {
  const [said = ''] = message.split(' - should this be')
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}.`
}
