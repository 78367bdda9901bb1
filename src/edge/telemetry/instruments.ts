import type { Registry } from 'prom-client'

/** Seconds, as the conventions for MCP advise (OpenTelemetry: mcp.server.operation.duration). */
const durationBuckets = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300]

export type Instruments = Awaited<ReturnType<typeof createInstruments>>

/** What is measured, under the names of docs/operations.md. */
export async function createInstruments(registry: Registry) {
  const { collectDefaultMetrics, Counter, Gauge, Histogram } = await import('prom-client')
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  return {
    duration: new Histogram({
      name: 'mcp_server_operation_duration_seconds',
      help: 'How long a call took, from its arrival to its answer',
      labelNames: ['mcp_method_name', 'gen_ai_tool_name', 'error_type', 'network_transport'],
      buckets: durationBuckets,
      registers,
    }),
    inFlight: new Gauge({
      name: 'vitrine_calls_in_flight',
      help: 'Calls that are being answered',
      registers,
    }),
    errors: new Counter({
      name: 'vitrine_call_errors_total',
      help: 'Calls that were refused or failed, by code of docs/errors.md',
      labelNames: ['code'],
      registers,
    }),
    rows: new Counter({
      name: 'vitrine_rows_total',
      help: 'Rows that were answered',
      labelNames: ['gen_ai_tool_name'],
      registers,
    }),
    bytes: new Counter({
      name: 'vitrine_answer_bytes_total',
      help: 'Bytes of the answers, as JSON',
      labelNames: ['gen_ai_tool_name'],
      registers,
    }),
    cached: new Counter({
      name: 'vitrine_cached_answers_total',
      help: 'Answers that were given again',
      labelNames: ['gen_ai_tool_name'],
      registers,
    }),
    requests: new Counter({
      name: 'vitrine_http_requests_total',
      help: 'Requests that came over HTTP',
      labelNames: ['route', 'status'],
      registers,
    }),
  } as const
}
