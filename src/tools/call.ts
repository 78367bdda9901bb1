import type { Answer, CallContext, Tool } from './tool.ts'

/** What a call came by: told by the transport, and by the client of itself; never a reason to trust. */
export interface CallOrigin {
  readonly transport: 'stdio' | 'http' | 'sse' | 'terminal' | 'program'
  /** Name and version, as the client calls itself. */
  readonly client?: string | undefined
  /** The revision of the protocol that is spoken. */
  readonly protocolVersion?: string | undefined
  /** Of the JSON-RPC request. */
  readonly requestId?: string | number | undefined
  /** W3C trace context (https://www.w3.org/TR/trace-context/), unchecked: `traceparent`, `tracestate`. */
  readonly trace?: Readonly<Record<string, unknown>> | undefined
}

/** What a person said to a question, or that they closed it. */
export type Decision = 'accepted' | 'declined' | 'cancelled'

/** Something a person is asked before a call goes on: the same call comes again, with what they said. */
export interface Question {
  readonly text: string
  /** Comes back with the answer, unchanged. */
  readonly state: string
}

/** There where a person can be asked in the middle of a call. */
export interface Asking {
  /** What they said to an earlier question; undefined where none was asked yet. */
  readonly response?: { readonly state: string; readonly decision: Decision } | undefined
}

/** What became of the confirmation that a call needs. */
export type Confirmation =
  | Decision
  | 'asked'
  | 'token_given'
  | 'token_used'
  | 'nobody_to_ask'
  | 'not_valid'

/** One call of a tool, as the gates around it see it. */
export interface Call {
  readonly tool: Tool
  /** As the client sent them. */
  readonly arguments: unknown
  readonly context: CallContext
  readonly origin: CallOrigin
  /** Undefined where nobody can be asked anything. */
  readonly asking?: Asking | undefined
  /** Told of a confirmation; nothing is changed before it has resolved, and nothing at all where it rejects. */
  readonly onConfirmation?: (confirmation: Confirmation) => Promise<void>
}

/** What a call gave, and its JSON, written once. */
export interface Reply {
  readonly answer: Answer
  readonly text: string
  /** The call waits for what a person says to this. */
  readonly question?: Question
}

/** Throws AppErrors only. */
export type CallTool = (call: Call) => Promise<Reply>

/** A check around every call, by whatever transport it came. Refuses by throwing an AppError. */
export type CallGate = (call: Call, next: CallTool) => Promise<Reply>

const runTool: CallTool = async ({ tool, arguments: given, context }) =>
  toReply(await tool.run(given, context))

export const toReply = (answer: Answer): Reply => ({ answer, text: JSON.stringify(answer) })

/** A call behind its gates; the first one is the outermost. */
export const behindGates = (gates: readonly CallGate[]): CallTool =>
  gates.reduceRight<CallTool>((next, gate) => (call) => gate(call, next), runTool)
