import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { modernCall, startHttpServer } from '../../support/http-server.ts'
import { makeDatabase, scratchFolder } from '../../support/scratch.ts'
import { pause } from '../../support/workers.ts'

/** What an operator starts the server with: an SDK whose spans go to stderr. */
const tracing = `
import { trace } from '${import.meta.resolve('@opentelemetry/api')}'
import { BasicTracerProvider, SimpleSpanProcessor } from '${import.meta.resolve('@opentelemetry/sdk-trace-base')}'
const exporter = {
  export(spans, done) {
    for (const span of spans) console.error('span ' + span.name + ' ' + span.spanContext().traceId)
    done({ code: 0 })
  },
  shutdown: async () => undefined,
}
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }))
`

test('a call over HTTP is in the trace of its caller, with an SDK that was started beside the server', async () => {
  const path = join(scratchFolder(), 'tracing.mjs')
  writeFileSync(path, tracing)
  const env = { NODE_OPTIONS: `--import=${pathToFileURL(path).href}` }
  const server = await startHttpServer(`sqlite:${makeDatabase('CREATE TABLE t(a)')}`, { env })
  const traceIds = ['0af7651916cd43dd8448eb211c80319c', '1bf7651916cd43dd8448eb211c80319d']
  // The second asks for progress, which takes another way through the server.
  for (const [index, traceId] of traceIds.entries()) {
    const meta = {
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
      ...(index > 0 && { progressToken: 'p' }),
    }
    await (await modernCall(server.url, ['query_database', { query: 'SELECT 1' }], { meta })).text()
  }
  const lines = traceIds.map((traceId) => `span tools/call query_database ${traceId}`)
  const deadline = Date.now() + 5000
  const isThere = (line: string): boolean => server.stderr().includes(line)
  while (!lines.every(isThere) && Date.now() < deadline) await pause(20)
  expect(server.stderr()).toContain(lines[0])
  expect(server.stderr()).toContain(lines[1])
})
