/** What goes wrong between here and an API, as errors that tell a model what to do and a person why. */
import { AppError } from '../base/error.ts'

/** Whoever may mend it is not the model. */
const tellOperator = 'Tell the person who runs the server: `vitrine doctor` says what is wrong.'

export const closedAddress = (host: string, address: string | undefined): AppError =>
  new AppError('source_unavailable', 'The API has no address that is open to this server.', {
    hint: tellOperator,
    lasting: true,
    detail:
      address === undefined
        ? `${host} has no address.`
        : `${host} is ${address}, which is no public address. \`private_addresses\` of this source opens it.`,
  })

export const strayRedirect = (from: URL, to: string): AppError =>
  new AppError('query_failed', 'The API answers with a redirect that is not followed.', {
    hint: `Other arguments may do. Where none does: ${tellOperator}`,
    detail: `${from.origin}${from.pathname} leads to ${to}: redirects are followed below the URL of the source, and to what its \`hosts\` name.`,
  })

export const tooManyRedirects = (): AppError =>
  new AppError('query_failed', 'The API leads from one redirect to the next.', {
    hint: tellOperator,
  })

export const tooLarge = (mostBytes: number): AppError =>
  new AppError(
    'result_too_large',
    `The API's response is larger than the ${mostBytes} bytes that are read.`,
    { hint: 'Ask for less: a narrower filter, a smaller page, one item instead of a list.' },
  )

export const unreadable = (what: string): AppError =>
  new AppError('query_failed', `The API's response cannot be read: ${what}.`, {
    hint: tellOperator,
  })

export const late = (ms: number): AppError =>
  new AppError('timed_out', `The API did not answer within ${ms / 1000} s.`, {
    hint: 'Ask for less: a narrower filter, a smaller page; or ask again later.',
  })

/** Of a request that changes something: by then it had left. */
export const outcomeUnknown = (what: string, cause?: unknown): AppError =>
  new AppError('outcome_unknown', `It may have been done or not: ${what}`, { cause })

/** Of a request that changes something, before anything of it left. */
export const unsent = (error: AppError): AppError =>
  new AppError(error.code, `${error.message} Nothing was sent.`, {
    hint:
      error.code === 'timed_out' ? 'There was no connection in time: try again later.' : error.hint,
    detail: error.detail,
    lasting: error.lasting,
    cause: error.cause,
  })

/** What a socket says goes to the person alone: it names hosts and addresses. */
export const unreachable = (cause: unknown): AppError =>
  new AppError('source_unavailable', 'The API cannot be reached.', {
    hint: 'Ask again in a moment; if that does not help, tell the person who runs the server.',
    detail: reasonOf(cause),
    cause,
  })

/** Of an attempt at several addresses, the first reason. */
function reasonOf(cause: unknown): string {
  const { errors, message, code } = cause as {
    errors?: readonly unknown[]
    message?: string
    code?: string
  }
  if (Array.isArray(errors) && errors.length > 0) return reasonOf(errors[0])
  return [message, code].find((part) => part !== undefined && part !== '') ?? 'no reason is given'
}
