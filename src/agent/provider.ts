/** The contract of whoever asks a model. A provider imports this file, `messages.ts` and base, no more. */
import { AppError, type ErrorCode, type ErrorOptions } from '../base/error.ts'
import type { Message, Reply, ToolDefinition, Usage } from './messages.ts'

/** One request; the provider adds the model and what else its API wants. */
export interface Ask {
  readonly system: string | undefined
  /** The same object in every request of a run: what is sent of it must be the same bytes. */
  readonly tools: readonly ToolDefinition[]
  readonly messages: readonly Message[]
  /** Most tokens of this answer. */
  readonly maxTokens: number
  /** `none`: the model is to answer without a call. */
  readonly toolChoice: 'auto' | 'none'
  /** A JSON Schema that the answer is to fit. */
  readonly outputSchema?: Readonly<Record<string, unknown>> | undefined
}

/** What is told while the answer comes; nothing of it is needed to use the answer. */
export interface Heard {
  readonly onText: (text: string) => void
}

export interface Provider {
  /** The model, as the API and the price table name it. */
  readonly model: string
  /** @throws AskFailure */
  readonly ask: (ask: Ask, heard: Heard, signal: AbortSignal) => Promise<Reply>
}

export interface AskFailureOptions extends ErrorOptions {
  /** The same request may succeed; a request has no effect but its price. */
  readonly again: boolean
  /** What an answer that broke off had cost by then, where that is known. */
  readonly usage?: Usage | undefined
}

/** A request that gave no whole answer. */
export class AskFailure extends Error {
  override readonly name = 'AskFailure'
  readonly error: AppError
  readonly again: boolean
  readonly usage: Usage | undefined

  constructor(code: ErrorCode, message: string, { again, usage, ...options }: AskFailureOptions) {
    super(message)
    this.error = new AppError(code, message, options)
    this.again = again
    this.usage = usage
  }
}
