/** The lines of a transcript, each written before what it tells of is done or used. */
import type { Message, Reply, ResultPart, Usage } from '../messages.ts'
import type { Decision, ToolFacts } from '../safety/decide.ts'
import type { Labels } from '../safety/labels.ts'
import type { Call } from '../safety/permit.ts'

export type Entry =
  /** A run begins; `read` is what had been read by then, definitions of tools included. */
  | { readonly type: 'run'; readonly version: 1; readonly model: string; readonly read: Labels }
  /** What is sent from our side: a person's words. */
  | { readonly type: 'message'; readonly message: Message }
  /** A request is about to be made. `note` is what we add at a limit. */
  | {
      readonly type: 'request'
      readonly turn: number
      readonly last: boolean
      readonly note?: string | undefined
    }
  | { readonly type: 'reply'; readonly turn: number; readonly day: string; readonly reply: Reply }
  /** A request that gave no whole answer; `usage` where the API had told some. */
  | {
      readonly type: 'broken'
      readonly turn: number
      readonly day: string
      readonly model: string
      readonly code: string
      readonly usage?: Usage | undefined
    }
  /** `read` is what had been read before the turn that the call stands in. */
  | {
      readonly type: 'decision'
      readonly id: string
      readonly call: Call
      readonly key: string
      readonly read: Labels
      readonly facts: ToolFacts
      readonly decision: Decision
      /** A person's answer; absent where nobody was to be asked. */
      readonly approved?: boolean | undefined
    }
  /** A call is about to be sent. Without a result after it nobody knows what came of it. */
  | { readonly type: 'call'; readonly id: string; readonly key: string }
  /** `read` is what has been read with this. */
  | {
      readonly type: 'result'
      readonly id: string
      readonly content: readonly ResultPart[]
      readonly isError: boolean
      readonly ms: number
      readonly read: Labels
    }
  | { readonly type: 'outcome'; readonly status: string; readonly usd: string | null }

/** Where a run is written down as it happens. */
export interface Transcript {
  /** Returns when the line is where a crash of this process leaves it. */
  readonly write: (entry: Entry) => Promise<void>
  readonly close: () => Promise<void>
}

export const noTranscript: Transcript = {
  write: () => Promise.resolve(),
  close: () => Promise.resolve(),
}
