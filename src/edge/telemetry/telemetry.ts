import type { CallGate } from '../../tools/call.ts'
import type { Metrics } from './metrics.ts'
import { traceCall } from './trace-call.ts'

/** What the people who run the server can see of its calls: spans and figures, never contents. */
export interface Telemetry {
  /** The outermost of the gates, so that what the others refuse is seen too. */
  readonly gate: CallGate
  /** Counts from now on; before, nothing of it is loaded. */
  measure(): Promise<Metrics>
}

export function createTelemetry(): Telemetry {
  let metrics: Metrics | undefined
  const gate: CallGate = (call, next) =>
    metrics === undefined ? next(call) : metrics.gate(call, next)
  return {
    gate: (call, next) => traceCall(call, (one) => gate(one, next)),
    async measure() {
      const { createMetrics } = await import('./metrics.ts')
      metrics ??= await createMetrics()
      return metrics
    },
  }
}
