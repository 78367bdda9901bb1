import { AppError, type ErrorCode } from '../../base/error.ts'

/** What the driver throws: the server's own number and words, or a network failure's code. */
interface ServerError {
  readonly message: string
  readonly code?: string
  readonly errno?: number
  readonly fatal?: boolean
}

/**
 * By number (https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html,
 * https://mariadb.com/kb/en/mariadb-error-code-reference/); with a text where the server's own says
 * something of the machine.
 */
const conditions: Readonly<Record<number, readonly [ErrorCode, string?]>> = {
  1021: ['memory_exceeded', 'The server has no room for what the statement sorts or groups.'],
  1037: ['memory_exceeded', 'The server is out of memory for this statement.'],
  1038: ['memory_exceeded', 'The server is out of memory for sorting.'],
  1041: ['memory_exceeded', 'The server is out of memory for this statement.'],
  1114: ['memory_exceeded', 'The statement needs a larger temporary table than it may have.'],
  3: ['memory_exceeded', 'The server has no room for what the statement sorts or groups.'],
  1040: ['too_busy', 'The server takes no more connections at the moment.'],
  1203: ['too_busy', 'The server takes no more connections of this user at the moment.'],
  1226: ['too_busy', 'This user has used up what the server gives it per hour.'],
  1044: ['not_open', 'The database user may not read that.'],
  1142: ['not_open'],
  1143: ['not_open'],
  1227: ['not_open', 'The database user may not do that.'],
  1370: ['not_open', 'The database user may not call that.'],
  1345: ['not_open', 'The database user may not see what a view of this statement is made of.'],
  1064: ['syntax_error'],
  1149: ['syntax_error'],
  1153: ['result_too_large', 'The statement or one of its values is larger than the server takes.'],
  1301: ['result_too_large', 'A value is larger than the server allows.'],
  1205: ['timed_out', 'Another transaction held a lock too long.'],
  1213: ['query_failed', 'Another transaction was in the way; ask again.'],
  1317: ['timed_out', 'The server ended the statement.'],
  1969: ['timed_out', 'The statement took longer than it may.'],
  3024: ['timed_out', 'The statement took longer than it may.'],
  1792: ['statement_refused', 'The statement writes; only reading is possible here.'],
  1290: ['statement_refused', 'The server does not allow this statement.'],
  1045: ['source_unavailable', 'The database did not accept the user and password of the source.'],
  1698: ['source_unavailable', 'The database did not accept the user and password of the source.'],
  1049: ['source_unavailable', 'The database of the source does not exist on its server.'],
  1053: ['source_unavailable', 'The server is shutting down.'],
  1129: ['source_unavailable', 'The server refuses connections from here.'],
  1130: ['source_unavailable', 'The server refuses connections from here.'],
  1927: ['source_unavailable', 'The connection was ended by the server.'],
}

/** The name is in the words; each pattern gives it. */
const named: Readonly<Record<number, readonly [ErrorCode, RegExp]>> = {
  1146: ['unknown_table', /^Table '(?:[^']*\.)?([^'.]+)' doesn't exist/],
  1051: ['unknown_table', /^Unknown table '(?:[^']*\.)?([^'.]+)'/],
  1109: ['unknown_table', /^Unknown table '(?:[^']*\.)?([^'.]+)'/],
  1054: ['unknown_column', /^Unknown column '([^']+)'/],
  1305: ['unknown_function', /^(?:FUNCTION|PROCEDURE) (?:\S*\.)?(\S+) does not exist/],
  1630: ['unknown_function', /^FUNCTION (?:\S*\.)?(\S+) does not exist/],
  1128: ['unknown_function', /^Function '([^']+)' is not defined/],
  1052: ['query_failed', /^Column '([^']+)' in .* is ambiguous/],
}

const lostCodes =
  `PROTOCOL_CONNECTION_LOST ECONNRESET EPIPE ECONNREFUSED ETIMEDOUT ENOTFOUND EAI_AGAIN
  EHOSTUNREACH ENETUNREACH ENOENT EACCES HANDSHAKE_NO_SSL_SUPPORT HANDSHAKE_SSL_ERROR
  PROTOCOL_UNEXPECTED_PACKET PROTOCOL_PACKETS_OUT_OF_ORDER`.split(/\s+/)

/** True where the connection broke, whatever the statement was. */
export const isLost = (thrown: unknown): boolean => {
  const { code = '', fatal = false, errno = 0 } = thrown as ServerError
  return !(thrown instanceof AppError) && (fatal || lostCodes.includes(code) || errno === 1053)
}

/** What the server said, as an error of the catalogue. */
export function toFailure(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const { message, errno = 0 } = thrown as ServerError
  const condition = conditions[errno]
  if (condition !== undefined) {
    const [code, text = sentence(message)] = condition
    const detail = code === 'source_unavailable' ? message : undefined
    return new AppError(code, text, { subject: deniedName(message), detail, cause: thrown })
  }
  const [code, pattern] = named[errno] ?? []
  if (code !== undefined && pattern !== undefined) {
    const subject = pattern.exec(message)?.[1]
    return new AppError(code, sentence(message), { subject, cause: thrown })
  }
  if (errno >= 1000 && (thrown as ServerError).fatal !== true) {
    return new AppError('query_failed', sentence(message), { cause: thrown })
  }
  return unreachable(thrown)
}

/** The server cannot be reached; where and why is for the person who runs it. */
const unreachable = (thrown: unknown): AppError =>
  new AppError('source_unavailable', 'The database server cannot be reached.', {
    detail: `The database server cannot be reached: ${(thrown as ServerError).message}`,
    cause: thrown,
  })

/** `SELECT command denied to user 'a'@'host' for table `db`.`t``: the table, and not user and host. */
const deniedName = (message: string): string | undefined =>
  /denied to user .* for (?:table|column) '?(?:`[^`]*`\.)?[`']?([^`']+)[`']?/.exec(message)?.[1]

const longest = 500

/** Without what names the server, the user or the database. */
function sentence(message: string): string {
  const said = message
    .replace(
      /^You have an error in your SQL syntax; check the manual .* to use near/s,
      'Syntax error near',
    )
    .replace(
      /command denied to user .*? for (table|column)/,
      'is not allowed to this source for $1',
    )
    .replaceAll(/(['`])[\w$-]+\1?\.(?=[`'\w])/g, (part) => (part.includes('`.') ? '' : part))
    .slice(0, longest)
  return /[.!?]$/.test(said) ? said : `${said}.`
}
