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

/** One call of a tool, as the gates around it see it. */
export interface Call {
  readonly tool: Tool
  /** As the client sent them. */
  readonly arguments: unknown
  readonly context: CallContext
  readonly origin: CallOrigin
}

/** What a call gave, and its JSON, written once. */
export interface Reply {
  readonly answer: Answer
  readonly text: string
}

/** Throws AppErrors only. */
export type CallTool = (call: Call) => Promise<Reply>

/** A check around every call, by whatever transport it came. Refuses by throwing an AppError. */
export type CallGate = (call: Call, next: CallTool) => Promise<Reply>

export const runTool: CallTool = async ({ tool, arguments: given, context }) =>
  toReply(await tool.run(given, context))

export const toReply = (answer: Answer): Reply => ({ answer, text: JSON.stringify(answer) })

/** A call behind its gates; the first one is the outermost. */
export const behindGates = (gates: readonly CallGate[], call: CallTool = runTool): CallTool =>
  gates.reduceRight<CallTool>((next, gate) => (one) => gate(one, next), call)
