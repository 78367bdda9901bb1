import type { AppError } from '../base/error.ts'
import type { Bill } from './bill/bill.ts'
import type { LimitName } from './limits.ts'
import type { Message } from './messages.ts'
import type { Labels } from './safety/labels.ts'

/** How a run ended. */
export type Ending =
  /** The model said what it had to say: `end_turn` or `stop_sequence`. */
  | { readonly status: 'answered' }
  /** The model has answered, and what it said is not in the shape of `outputSchema`. */
  | { readonly status: 'misshapen'; readonly reason: string }
  /** A limit was reached; the text is what the model made of what it had, or is empty. */
  | { readonly status: 'limit'; readonly limit: LimitName }
  /** The answer was cut at its longest. A call in it was not made: its arguments may be cut as well. */
  | { readonly status: 'cut_off' }
  /** The model, or a filter of its API, would not answer. */
  | { readonly status: 'refused' }
  /** What there is to read is more than the model can. */
  | { readonly status: 'context_full' }
  /** The API stopped for a reason that this version does not know. */
  | { readonly status: 'unknown_stop'; readonly stopReason: string | null }
  | { readonly status: 'cancelled' }
  /** No answer came; the error says why, and the conversation can go on. */
  | { readonly status: 'failed'; readonly error: AppError }

export type Outcome = Ending & {
  /** The text of the last answer. */
  readonly text: string
  /** Requests of this run. */
  readonly turns: number
  readonly bill: Bill
  readonly messages: readonly Message[]
  /** What the model has read by now. */
  readonly read: Labels
}
