import type { CallOrigin } from '../../tools/call.ts'

/** In the words of the conventions (OpenTelemetry: attribute `network.transport`). */
export const networkTransport: Readonly<Record<CallOrigin['transport'], 'tcp' | 'pipe'>> = {
  http: 'tcp',
  sse: 'tcp',
  stdio: 'pipe',
  terminal: 'pipe',
  program: 'pipe',
}
