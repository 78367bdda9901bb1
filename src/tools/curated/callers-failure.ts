import { AppError, type ErrorCode, toAppError } from '../../base/error.ts'
import { choicesOf, narrower } from './narrower.ts'
import type { Question } from './question.ts'

/** What lies in the statement or in what the config opens: no value of a caller's mends it. */
export const ofTheStatement: ReadonlySet<ErrorCode> = new Set([
  'unknown_table',
  'unknown_column',
  'unknown_function',
  'syntax_error',
  'statement_refused',
  'not_open',
  'config_invalid',
])

const ofItsSize: ReadonlySet<ErrorCode> = new Set([
  'timed_out',
  'too_costly',
  'result_too_large',
  'memory_exceeded',
])

/** The failure in words of whoever called the tool, and sees its parameters and no statement. */
export function toCallersFailure(thrown: unknown, question: Question): AppError {
  const error = toAppError(thrown)
  const { code, message, cause } = error
  if (ofTheStatement.has(code)) return toOperators(error, question)
  if (ofItsSize.has(code)) return new AppError(code, message, { hint: narrower(question), cause })
  if (code !== 'query_failed') return error
  const names = choicesOf(question)
  if (names.length === 0) return toOperators(error, question)
  const hint = `The database cannot compute with these values; try others of ${names.join(', ')}.`
  return new AppError(code, message, { hint, cause })
}

/** The names of tables and columns are for the person who wrote the statement. */
export const toOperators = ({ message, cause }: AppError, { name }: Question): AppError =>
  new AppError('config_invalid', `The statement of the tool ${name} does not fit its database.`, {
    hint: 'No other arguments help: tell the person who runs the server (`vitrine check` shows the place).',
    detail: `The statement of the tool ${name} does not fit its database: ${message} \`vitrine check\` shows the place.`,
    cause,
  })
