/** Statuses that say no, as errors of ours. Neither headers nor the URL of the request are told. */
import { AppError, type ErrorCode } from '../base/error.ts'
import { shorten } from '../base/shorten.ts'
import { dataOf } from './answer.ts'
import type { Response } from './exchange.ts'
import { retryAfterMs } from './retry.ts'

interface Kind {
  readonly code: ErrorCode
  readonly message: string
  readonly hint?: string
}

const notAllowed = 'Tell the person who runs the server: it may have to be allowed there.'

const kinds: Readonly<Record<number, Kind>> = {
  400: { code: 'invalid_input', message: 'The API does not take these arguments' },
  401: {
    code: 'not_allowed',
    message: "The API does not accept this server's credentials",
    hint: 'Tell the person who runs the server: the credentials of this source have to be renewed.',
  },
  403: { code: 'not_allowed', message: 'The API does not allow this', hint: notAllowed },
  404: { code: 'not_found', message: 'The API has nothing there' },
  408: { code: 'source_unavailable', message: 'The API gave up waiting', hint: 'Ask again.' },
  409: {
    code: 'query_failed',
    message: 'The API finds this at odds with what is there',
    hint: 'Ask for what is there now, before this is tried again.',
  },
  410: { code: 'not_found', message: 'The API no longer has this' },
  413: { code: 'invalid_input', message: 'These arguments are too large for the API' },
  414: { code: 'invalid_input', message: 'These arguments are too long for the API' },
  422: { code: 'invalid_input', message: 'The API does not take these arguments' },
  429: { code: 'too_busy', message: 'The API takes no more calls for now' },
}

const fallback = (status: number): Kind =>
  status >= 500
    ? {
        code: 'source_unavailable',
        message: 'The API failed',
        hint: 'Ask again in a moment; if that does not help, tell the person who runs the server.',
      }
    : {
        code: 'query_failed',
        message: 'The API refuses this',
        hint: 'Other arguments may do; if none does, tell the person who runs the server.',
      }

/** Undefined for a response that answers. */
export function refusalOf(
  response: Response,
  hide: (text: string) => string,
): AppError | undefined {
  const { status, headers } = response
  if (status >= 200 && status < 300) return undefined
  const { code, message, hint } = kinds[status] ?? fallback(status)
  return new AppError(code, `${message} (HTTP ${status}).${whatItSays(response, hide)}`, {
    hint,
    retryAfterMs: code === 'too_busy' || status === 503 ? retryAfterMs(headers) : undefined,
  })
}

const longestWords = 400

/** A sentence more, where it says anything. */
export function whatItSays(response: Response, hide: (text: string) => string): string {
  const said = shorten(hide(wordsOf(response)), longestWords)
  return said === '' ? '' : ` It says: ${said}`
}

/** What an API says went wrong: as RFC 9457 has it, or where others put it. */
function wordsOf(response: Response): string {
  const { 'content-type': type = '' } = response.headers
  const words = /json/i.test(type)
    ? inData(dataOf(response), 0)
    : /^text\/plain/i.test(type)
      ? response.body.toString('utf8', 0, 64_000)
      : ''
  return words.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
}

const places = [
  'detail',
  'message',
  'error_description',
  'error',
  'errors',
  'title',
  'msg',
  'reason',
]

function inData(data: unknown, depth: number): string {
  if (typeof data === 'string') return data
  if (typeof data !== 'object' || data === null || depth > 3) return ''
  if (Array.isArray(data)) {
    const all = data.slice(0, 3).map((one) => inData(one, depth + 1))
    return all.filter((one) => one !== '').join('; ')
  }
  const own = new Map(Object.entries(data))
  for (const place of places) {
    const found = inData(own.get(place), depth + 1)
    if (found !== '') return found
  }
  return ''
}
