import type { Block } from './messages.ts'
import type { BillLine } from './bill/bill.ts'
import type { Decision } from './safety/decide.ts'

/** What a run tells while it goes on. Texts of models and servers are to be shown by `toVisible`. */
export type AgentEvent =
  | { readonly type: 'text'; readonly text: string }
  /** The answer broke off, and the text of this turn so far is void. */
  | { readonly type: 'retry'; readonly code: string; readonly waitMs: number }
  | {
      readonly type: 'call'
      readonly id: string
      readonly server: string
      readonly tool: string
      readonly arguments: Readonly<Record<string, unknown>>
      readonly decision: Decision
      readonly approved: boolean | undefined
    }
  | {
      readonly type: 'progress'
      readonly id: string
      readonly progress: number
      readonly total: number | undefined
      readonly message: string | undefined
    }
  | {
      readonly type: 'result'
      readonly id: string
      readonly isError: boolean
      readonly ms: number
      readonly content: readonly Block[]
    }
  | { readonly type: 'turn'; readonly turn: number; readonly line: BillLine }

export type OnEvent = (event: AgentEvent) => void
