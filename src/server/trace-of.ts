import type { CallOrigin } from '../tools/call.ts'

/** What the `_meta` of a request says of the trace that it is a part of. */
export const traceOf = (meta: Readonly<Record<string, unknown>> | undefined): CallOrigin['trace'] =>
  meta && { traceparent: meta['traceparent'], tracestate: meta['tracestate'] }
