import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openCallableApp } from '../../support/calls.ts'

const sql = 'CREATE TABLE orders (id INTEGER); INSERT INTO orders VALUES (1)'

const exporter = new InMemorySpanExporter()
beforeAll(() => {
  const spanProcessors = [new SimpleSpanProcessor(exporter)]
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }))
})
beforeEach(() => exporter.reset())
afterAll(() => trace.disable())

const oneSpan = () => {
  const [span, ...others] = exporter.getFinishedSpans()
  if (span === undefined || others.length > 0) throw new Error('Expected one span.')
  return span
}

test('a call is a span of kind SERVER with the attributes of the conventions', async () => {
  const { call } = openCallableApp(sql)
  await call('SELECT id FROM orders')
  const span = oneSpan()
  expect(span.name).toBe('tools/call query_database')
  expect(span.kind).toBe(SpanKind.SERVER)
  expect(span.status.code).toBe(SpanStatusCode.UNSET)
  expect(span.parentSpanContext).toBeUndefined()
  expect(span.attributes).toEqual({
    'mcp.method.name': 'tools/call',
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'query_database',
    'network.transport': 'tcp',
    'mcp.protocol.version': '2026-07-28',
    'jsonrpc.request.id': '7',
    'enduser.id': 'local',
  })
})

test('a call that fails says so by code, and nothing of what was asked', async () => {
  const { call } = openCallableApp(sql)
  await expect(call('SELECT zebra FROM orders')).rejects.toMatchObject({ code: 'unknown_column' })
  const { attributes, status, events } = oneSpan()
  expect(attributes).toMatchObject({
    'error.type': 'tool_error',
    'vitrine.error.code': 'unknown_column',
  })
  expect(status).toEqual({ code: SpanStatusCode.ERROR, message: 'unknown_column' })
  expect(JSON.stringify([attributes, events])).not.toContain('zebra')
})

test('a name that a caller made up is in no span', async () => {
  await expect(openCallableApp(sql).callMissing('zebra')).rejects.toThrow('zebra')
  const { name, attributes } = oneSpan()
  expect(name).toBe('tools/call other')
  expect(JSON.stringify(attributes)).not.toContain('zebra')
})

const traceId = '0af7651916cd43dd8448eb211c80319c'
const spanId = 'b7ad6b7169203331'

test('a span of the caller is the parent, with what its vendors added', async () => {
  const { call } = openCallableApp(sql)
  const traceparent = `00-${traceId}-${spanId}-01`
  await call('SELECT 1', { trace: { traceparent, tracestate: 'vendor=value' } })
  const span = oneSpan()
  expect(span.spanContext().traceId).toBe(traceId)
  expect(span.parentSpanContext).toMatchObject({ spanId, isRemote: true, traceFlags: 1 })
  expect(span.spanContext().traceState?.get('vendor')).toBe('value')
})

const unusable: readonly unknown[] = [
  'zebra',
  `00-${'0'.repeat(32)}-${spanId}-01`,
  `00-${traceId}-${'0'.repeat(16)}-01`,
  `ff-${traceId}-${spanId}-01`,
  `00-${traceId.toUpperCase()}-${spanId}-01`,
  `00-${traceId}-${spanId}-01-${'a'.repeat(100_000)}`,
  42,
  null,
]

test('a trace context that is none is no parent', async () => {
  const { call } = openCallableApp(sql)
  for (const traceparent of unusable)
    await call('SELECT 1', { trace: { traceparent, tracestate: 17 } })
  const parents = exporter.getFinishedSpans().map(({ parentSpanContext }) => parentSpanContext)
  expect(parents).toEqual(unusable.map(() => undefined))
})
