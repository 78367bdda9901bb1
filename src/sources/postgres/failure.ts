import { AppError, type ErrorCode } from '../../base/error.ts'
import { mendOf } from './mismatch.ts'

/** What the server or the socket says (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
interface ServerError {
  readonly message: string
  /** Five characters from the server, a word of Node's from the socket. */
  readonly code?: string
  readonly severity?: string
  readonly detail?: string
  readonly hint?: string
  /** Of the place in the text, in characters from 1. */
  readonly position?: string
}

export interface FailedQuery {
  /** The statement as it was run. */
  readonly text: string
  /** True where its time was up when it failed. */
  readonly overdue: boolean
  /** True for the name of a function that the database has, for other types it may be. */
  readonly isFunction: (name: string) => boolean
}

type Toward = (error: ServerError, query: FailedQuery) => AppError

const unsent: FailedQuery = { text: '', overdue: false, isFunction: () => false }

/** What went wrong, as an error of the catalogue. */
export function toFailure(thrown: unknown, query: FailedQuery = unsent): AppError {
  if (thrown instanceof AppError) return thrown
  const error = thrown as ServerError
  const code = error.code ?? ''
  if (error.severity === undefined) return fromSocket(error)
  const toward = exactly[code] ?? byClass[code.slice(0, 2)] ?? mistake
  return toward(error, query)
}

const exactly: Readonly<Record<string, Toward>> = {
  '42P01': (error) => about('unknown_table', error),
  '42703': (error) => about('unknown_column', error),
  '42702': (error) => about('query_failed', error),
  '42883': (error, { isFunction }) => unfitting(error, isFunction),
  '42601': (error, { text }) => badSyntax(error, text),
  '42501': (error) => about('not_open', error),
  '42P02': (error) => mistake(error),
  '08P01': (error) =>
    new AppError('query_failed', 'The statement has placeholders, and not a value for each.', {
      cause: error,
    }),
  '25006': (error) => new AppError('statement_refused', sentence(error), { cause: error }),
  '25P03': (error) => timedOut(error),
  '55P03': (error) =>
    new AppError('too_busy', 'Another session holds a lock on a table of the statement.', {
      cause: error,
    }),
  '57014': (error, { overdue }) =>
    overdue
      ? timedOut(error)
      : new AppError('cancelled', 'The statement was cancelled in the database.', { cause: error }),
  '53200': (error) =>
    new AppError('memory_exceeded', 'The database had no memory left for it.', { cause: error }),
  '53300': (error) =>
    new AppError('too_busy', 'The database has no connection left.', { cause: error }),
  '53400': (error) =>
    new AppError('memory_exceeded', 'The statement needed more space than it may have.', {
      cause: error,
    }),
  '54001': (error) => mistake(error),
  XX000: (error) =>
    error.message.startsWith('invalid memory alloc request')
      ? new AppError('memory_exceeded', 'A value became larger than PostgreSQL can hold.', {
          cause: error,
        })
      : unavailable(error, 'failed inside'),
  '3D000': (error) =>
    unavailable(
      error,
      'is not there: its server has none of that name',
      'Tell the person who runs the server: the URL of the source names another one.',
    ),
}

const byClass: Readonly<Record<string, Toward>> = {
  '08': (error) => unavailable(error, 'ended the connection'),
  '28': (error) =>
    unavailable(
      error,
      'does not let this user in',
      'Tell the person who runs the server: user, password or pg_hba.conf is wrong (`vitrine doctor` shows what the database says).',
    ),
  '53': (error) => unavailable(error, 'has no room left to answer'),
  '57': (error) => unavailable(error, 'is starting up, shutting down or restarting'),
  '58': (error) => unavailable(error, 'could not read its own files'),
  XX: (error) => unavailable(error, 'failed inside'),
}

export const timedOut = (cause?: unknown): AppError =>
  new AppError('timed_out', 'The statement took longer than it may.', { cause })

const unavailable = (error: ServerError, what: string, hint?: string): AppError =>
  new AppError('source_unavailable', `The database ${what}.`, {
    hint,
    detail: `The database ${what}: ${error.message}.`,
    cause: error,
  })

/** Host and port are in the message: for the person alone. */
function fromSocket(error: ServerError): AppError {
  const [, what] =
    socketWords.find(([pattern]) => pattern.test(`${error.code} ${error.message}`)) ?? []
  const said = `The database ${what ?? 'cannot be reached'}`
  const words = error.message === '' ? error.code : error.message
  return new AppError('source_unavailable', `${said}.`, {
    detail: words === undefined ? `${said}.` : `${said} (${words}).`,
    cause: error,
  })
}

const socketWords: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, 'refuses connections: it is not running, or elsewhere'],
  [/ENOTFOUND|EAI_AGAIN/, 'is on a host whose name is not known'],
  [/ETIMEDOUT|timeout expired/, 'did not answer in time'],
  [/ENOENT/, 'has no socket where the URL says'],
  [/does not support SSL/, 'offers no TLS, which sslmode demands'],
  [/CERT|certificate|altname|self.signed/i, 'shows a certificate that is not trusted'],
  [/SASL|password must be/i, 'wants a password, and there is none or a wrong one'],
  [/ECONNRESET|EPIPE|terminated/, 'ended the connection'],
]

/** The name it is about stands in quotes, or before the bracket of a function. */
function about(code: ErrorCode, error: ServerError): AppError {
  const { message } = error
  const [, quoted] = /"([^"]+)"/.exec(message) ?? []
  const [, plain] = /(?:column|function|relation|table|view) ([^\s("]+)/.exec(message) ?? []
  const subject = (quoted ?? plain)?.split('.').at(-1)
  return new AppError(code, sentence(error), { subject, hint: error.hint, cause: error })
}

/** An operator or a function there is, but not for these types; or a function there is not. */
function unfitting(error: ServerError, isFunction: FailedQuery['isFunction']): AppError {
  const missing = about('unknown_function', error)
  const isOperator = error.message.startsWith('operator')
  if (!isOperator && !isFunction(missing.subject ?? '')) return missing
  return new AppError('query_failed', sentence(error), {
    hint: mendOf(error.message) ?? error.hint,
    cause: error,
  })
}

/** A message may quote a value of the statement itself; details may quote those of other rows. */
const mistake = (error: ServerError): AppError =>
  new AppError('query_failed', sentence(error), { hint: error.hint, cause: error })

function badSyntax(error: ServerError, text: string): AppError {
  const place = Number(error.position)
  const near = place > 0 ? excerpt(text, place) : ''
  const message =
    /at or near|at end of input/.test(error.message) || near === ''
      ? sentence(error)
      : `${error.message} near "${near}".`
  return new AppError('syntax_error', capital(message), { hint: error.hint, cause: error })
}

/** A few words from the place on; positions count characters, not UTF-16 units. */
const excerpt = (text: string, place: number): string =>
  Array.from(text)
    .slice(place - 1, place + 24)
    .join('')
    .split('\n', 1)[0] ?? ''

const sentence = ({ message }: ServerError): string =>
  capital(/[.!?]$/.test(message) ? message : `${message}.`)

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`
