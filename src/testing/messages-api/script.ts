/** What the fake is to answer, request by request. */
import type { Block, Usage } from '../../agent/messages.ts'

/** Something that goes wrong with one request. Events are those of the stream, counted from `message_start`. */
export type Fault =
  /** Answered with that status before any event; `retryAfter` in seconds, as the header has it. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number }
  /** The connection is cut after so many events. */
  | { readonly kind: 'cut'; readonly afterEvents: number }
  /** Nothing comes after so many events, and the connection stays open. */
  | { readonly kind: 'stall'; readonly afterEvents: number }
  /** An `error` event of that type after so many events, at the end of a stream that began well. */
  | { readonly kind: 'error'; readonly afterEvents: number; readonly type: string }
  /** The stream ends properly, and too soon. */
  | { readonly kind: 'end'; readonly afterEvents: number }
  /** So long before every event. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** After the first event nothing but pings, so many and so far apart, as while a model thinks. */
  | { readonly kind: 'pings'; readonly count: number; readonly everyMs: number }

export interface FakeTurn {
  /** Blocks of the answer, whole; `tool_use` ones as they are to arrive. */
  readonly content?: readonly Block[]
  /** Without one: `tool_use` where the content has a call, else `end_turn`. */
  readonly stop_reason?: string
  /** Instead of what the fake counts. */
  readonly usage?: Partial<Usage>
  readonly fault?: Fault
}

/** A request as it arrived. */
export interface JournalEntry {
  readonly body: RequestBody
  /** The same to the letter. */
  readonly raw: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** What was answered, where it was no stream that was meant to be whole. */
  readonly refused?: string | undefined
}

export interface RequestBody {
  readonly model?: string
  readonly max_tokens?: number
  readonly stream?: boolean
  readonly system?: unknown
  readonly tools?: readonly Record<string, unknown>[]
  readonly messages?: readonly { readonly role: string; readonly content: string | Block[] }[]
  readonly [key: string]: unknown
}

/** Answers in their order, or a function of the request and of how many there were before it. */
export type FakeScript = readonly FakeTurn[] | ((body: RequestBody, index: number) => FakeTurn)
