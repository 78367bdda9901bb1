import cluster from 'node:cluster'
import { toAppError } from '../../base/error.ts'
import type { CallGate, Reply } from '../../tools/call.ts'
import { createInstruments, type Instruments } from './instruments.ts'
import { networkTransport } from './network-transport.ts'
import type { Scrape } from './scrape.ts'
import { methodOf, toolName } from './tool-name.ts'
import { tellFigures } from './workers.ts'

/** Figures for Prometheus. Every label has a bounded set of values: none comes from a caller. */
export interface Metrics {
  readonly gate: CallGate
  /** `route` is one of those that are served, or `other`. */
  countRequest(route: string, status: number): void
  read(): Promise<Scrape>
}

export async function createMetrics(): Promise<Metrics> {
  const { Registry } = await import('prom-client')
  const registry = new Registry()
  if (cluster.isWorker) tellFigures(registry)
  const instruments = await createInstruments(registry)
  return {
    gate: measuring(instruments),
    countRequest: (route, status) => instruments.requests.inc({ route, status }),
    read: async () => ({ text: await registry.metrics(), type: registry.contentType }),
  }
}

const measuring =
  ({ duration, inFlight, errors, rows, bytes, cached }: Instruments): CallGate =>
  async (call, next) => {
    const tool = { gen_ai_tool_name: toolName(call.tool) }
    const end = duration.startTimer({
      ...tool,
      mcp_method_name: methodOf(call.tool),
      network_transport: networkTransport[call.origin.transport],
    })
    inFlight.inc()
    try {
      const reply = await next(call)
      rows.inc(tool, rowsOf(reply))
      bytes.inc(tool, Buffer.byteLength(reply.text))
      if ('cached' in reply.answer) cached.inc(tool)
      end({ error_type: '' })
      return reply
    } catch (error) {
      errors.inc({ code: toAppError(error).code })
      end({ error_type: 'tool_error' })
      throw error
    } finally {
      inFlight.dec()
    }
  }

function rowsOf({ answer }: Reply): number {
  const count = answer['row_count']
  return typeof count === 'number' ? count : 0
}
