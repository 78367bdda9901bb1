import type * as OpenTelemetry from '@opentelemetry/api'
import { toAppError } from '../../base/error.ts'
import { version } from '../../base/version.ts'
import type { Call, CallGate, CallTool, Reply } from '../../tools/call.ts'
import { networkTransport } from './network-transport.ts'
import { methodOf, toolName } from './tool-name.ts'

/**
 * A span around a call, after the conventions for MCP (OpenTelemetry: semantic conventions, gen-ai/mcp),
 * where an OpenTelemetry SDK runs in this process. Nothing of arguments or answer is in it.
 */
export const traceCall: CallGate = (call, next) =>
  tracingIsOn() ? runInSpan(call, next) : next(call)

/**
 * Where the SDK makes itself known (@opentelemetry/api: internal/global-utils). Asked before the API
 * is loaded: most servers have no SDK, and none should wait for what it does not use.
 */
const registration = Symbol.for('opentelemetry.js.api.1')

const tracingIsOn = (): boolean =>
  (globalThis as { [registration]?: { trace?: unknown } })[registration]?.trace !== undefined

type Api = typeof OpenTelemetry
type SpanContext = OpenTelemetry.SpanContext

async function runInSpan(call: Call, next: CallTool): Promise<Reply> {
  const api = await import('@opentelemetry/api')
  const { parent, links } = findParent(api, call)
  const span = api.trace
    .getTracer('vitrine', version)
    .startSpan(
      `${methodOf(call.tool)} ${toolName(call.tool)}`,
      { kind: api.SpanKind.SERVER, attributes: toAttributes(call), links },
      parent,
    )
  try {
    return await api.context.with(api.trace.setSpan(parent, span), () => next(call))
  } catch (error) {
    noteFailure(span, toAppError(error).code, api)
    throw error
  } finally {
    span.end()
  }
}

/** The caller's own span comes first; that of the HTTP request, where something made one, is linked. */
function findParent(
  api: Api,
  { origin }: Call,
): { parent: OpenTelemetry.Context; links: { context: SpanContext }[] } {
  const around = api.context.active()
  const caller = readTraceContext(api, origin.trace ?? {})
  if (caller === undefined) return { parent: around, links: [] }
  const ambient = api.trace.getSpanContext(around)
  return {
    parent: api.trace.setSpanContext(api.ROOT_CONTEXT, caller),
    links: ambient === undefined ? [] : [{ context: ambient }],
  }
}

/** Version, trace, parent, flags; later versions may append (https://www.w3.org/TR/trace-context/). */
const traceparentPattern = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/

/** Longest list of vendors that a receiver has to pass on (same recommendation, 3.3.1.5). */
const longestTracestate = 512

function readTraceContext(
  api: Api,
  { traceparent, tracestate }: Readonly<Record<string, unknown>>,
): SpanContext | undefined {
  if (typeof traceparent !== 'string' || traceparent.length > 100) return undefined
  const [, traceId = '', spanId = '', flags = ''] = traceparentPattern.exec(traceparent) ?? []
  const listed = typeof tracestate === 'string' && tracestate.length <= longestTracestate
  const context: SpanContext = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
    ...(listed && { traceState: api.createTraceState(tracestate) }),
  }
  return api.isSpanContextValid(context) ? context : undefined
}

function toAttributes({ tool, context, origin }: Call): OpenTelemetry.Attributes {
  return {
    'mcp.method.name': methodOf(tool),
    ...(tool.method === undefined && { 'gen_ai.operation.name': 'execute_tool' }),
    'gen_ai.tool.name': toolName(tool),
    'network.transport': networkTransport[origin.transport],
    'mcp.protocol.version': origin.protocolVersion,
    'jsonrpc.request.id': origin.requestId === undefined ? undefined : String(origin.requestId),
    'enduser.id': context.actor?.id,
  }
}

function noteFailure(span: OpenTelemetry.Span, code: string, { SpanStatusCode }: Api): void {
  span.setAttributes({ 'error.type': 'tool_error', 'vitrine.error.code': code })
  span.setStatus({ code: SpanStatusCode.ERROR, message: code })
}
