/** What came of a request that changes something, as a model reads it. */
import { AppError } from '../base/error.ts'
import { type AnswerOptions, type ApiAnswer, toAnswer } from './answer.ts'
import { outcomeUnknown } from './failure.ts'
import { refusalOf, whatItSays } from './refusal.ts'
import type { Written } from './send-once.ts'

/**
 * Whatever can be read of it, it was done where the status says so: an error would have it done again.
 *
 * @throws AppError for a status that refuses; `outcome_unknown` for one after which it may have been done
 */
export function toWrittenAnswer(response: Written, options: AnswerOptions): ApiAnswer {
  const refusal = refusalOfWriting(response, options.hide)
  if (refusal !== undefined) throw refusal
  const { status, isWhole } = response
  if (!isWhole) return { status, data: null, truncated: false, hint: unread }
  try {
    return { status, ...toAnswer(response, options) }
  } catch {
    return { status, data: null, truncated: false, hint: unread }
  }
}

const unread =
  'It was done, and what the API answered cannot be read. Do not call it again for that.'

/** Many servers redirect after they have done what they were asked to; these two statuses mean that they have not (RFC 9110 §15.4). */
const undoneRedirects = [307, 308]

function refusalOfWriting(response: Written, hide: AnswerOptions['hide']): AppError | undefined {
  const { status } = response
  if (undoneRedirects.includes(status))
    return new AppError('query_failed', `The API leads elsewhere (HTTP ${status}).`, {
      hint: 'What changes something is not sent there, and nothing was changed. Tell the person who runs the server.',
    })
  if (status >= 300 && status < 400)
    return outcomeUnknown(
      `the API answered with a redirect (HTTP ${status}), which is not followed.`,
    )
  if (status >= 500)
    return outcomeUnknown(`the API failed (HTTP ${status}).${whatItSays(response, hide)}`)
  return refusalOf(response, hide)
}
