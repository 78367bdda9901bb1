import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { reading } from '../../../dist/resources/questions.js'
import { listenForScrapes } from '../../../dist/transports/http/scrapes.js'
import { openCallableApp } from '../../support/calls.ts'
import { freePort } from '../../support/free-port.ts'
import { startHttpServer } from '../../support/http-server.ts'
import { makeDatabase, scratchFolder } from '../../support/scratch.ts'
import { serveHere } from '../../support/serve-here.ts'

const sql = 'CREATE TABLE orders (id INTEGER); INSERT INTO orders VALUES (1), (2), (3)'

test('calls, rows, bytes and errors are counted, by tool and by code', async () => {
  const { app, call } = openCallableApp(sql)
  const metrics = await app.telemetry.measure()
  const reply = await call('SELECT id FROM orders')
  await expect(call('DELETE FROM orders')).rejects.toMatchObject({ code: 'statement_refused' })
  const { text } = await metrics.read()
  const tool = 'gen_ai_tool_name="query_database"'
  expect(text).toContain(`vitrine_rows_total{${tool}} 3`)
  expect(text).toContain(`vitrine_answer_bytes_total{${tool}} ${reply.text.length}`)
  expect(text).toContain('vitrine_call_errors_total{code="statement_refused"} 1')
  expect(text).toContain('vitrine_calls_in_flight 0')
  const labels = `${tool},mcp_method_name="tools/call",network_transport="tcp",error_type=`
  const count = 'mcp_server_operation_duration_seconds_count'
  expect(text).toContain(`${count}{${labels}""} 1`)
  expect(text).toContain(`${count}{${labels}"tool_error"} 1`)
  expect(text).toContain('le="0.01"')
  expect(text).toContain('process_resident_memory_bytes')
})

test('a read of a resource is one by its method, and counts like a call', async () => {
  const { app } = openCallableApp(sql)
  const metrics = await app.telemetry.measure()
  const origin = { transport: 'http' } as const
  const context = { signal: AbortSignal.timeout(20_000), actor: app.localActor }
  const tool = await reading(app.resources, 'vitrine://main/schema')
  await app.callTool({ tool, arguments: {}, context, origin })
  const { text } = await metrics.read()
  expect(text).toMatch(/gen_ai_tool_name="get_schema",mcp_method_name="resources\/read"/)
})

test('a call that is being answered is in flight', async () => {
  const { app, call } = openCallableApp(sql)
  const metrics = await app.telemetry.measure()
  const answered = call('SELECT id FROM orders')
  expect((await metrics.read()).text).toContain('vitrine_calls_in_flight 1')
  await answered
})

test('nothing that a caller wrote is in the figures', async () => {
  const { app, call, callMissing } = openCallableApp(sql)
  const metrics = await app.telemetry.measure()
  const marked = { client: 'zebra 1', trace: { traceparent: 'zebra' }, requestId: 'zebra' }
  await call("SELECT 'zebra' AS zebra", marked)
  await expect(call('SELECT zebra FROM orders', marked)).rejects.toThrow('zebra')
  await expect(callMissing('zebra')).rejects.toMatchObject({ code: 'unknown_tool' })
  const { text } = await metrics.read()
  expect(text).not.toContain('zebra')
  expect(text).toContain('gen_ai_tool_name="other"')
})

test('figures are served at /metrics and nothing else is', async () => {
  const { app } = openCallableApp(sql)
  const metrics = await app.telemetry.measure()
  metrics.countRequest('/mcp', 401)
  const port = await listenForScrapes(metrics, { host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${port}`
  const scrape = await fetch(`${url}/metrics`)
  expect(scrape.headers.get('content-type')).toContain('text/plain')
  expect(await scrape.text()).toContain('vitrine_http_requests_total{route="/mcp",status="401"} 1')
  expect((await fetch(`${url}/mcp`)).status).toBe(404)
  expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(404)
})

const counted = (route: string, status: number): string =>
  `vitrine_http_requests_total{route="${route}",status="${status}"}`

test('requests are counted by the paths that are served, and by answer', async () => {
  const port = await freePort()
  const config = join(scratchFolder(), 'vitrine.yaml')
  writeFileSync(
    config,
    `sources: { shop: { url: 'sqlite:${makeDatabase(sql)}' } }\nhttp: { metrics: 127.0.0.1:${port} }\n`,
  )
  const url = await serveHere({ config })
  for (const path of ['/healthz', '/healthz', '/zebra', '/tools?zebra']) {
    await (await fetch(new URL(path, url))).text()
  }
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  expect(text).toContain(`${counted('/healthz', 200)} 2`)
  expect(text).toContain(`${counted('/tools', 200)} 1`)
  expect(text).toContain(`${counted('other', 404)} 1`)
  expect(text).not.toContain('zebra')
  expect((await fetch(new URL('/metrics', url))).status).toBe(404)
})

test('processes that share a port are counted together', async () => {
  const port = await freePort()
  const config = join(scratchFolder(), 'vitrine.yaml')
  writeFileSync(
    config,
    `sources: { shop: { url: 'sqlite:${makeDatabase(sql)}' } }\nhttp: { drain: 0s, metrics: 127.0.0.1:${port} }\n`,
  )
  const { url } = await startHttpServer(config, { args: ['--workers', '2'] })
  expect(url.port).not.toBe(String(port))
  const asked = Array.from({ length: 20 }, async () => {
    const headers = { connection: 'close' }
    await (await fetch(new URL('/healthz', url), { headers })).text()
  })
  await Promise.all(asked)
  const scrape = await fetch(`http://127.0.0.1:${port}/metrics`)
  expect(scrape.status).toBe(200)
  expect(await scrape.text()).toContain(`${counted('/healthz', 200)} 20`)
  // Being asked ends no worker.
  expect(await (await fetch(new URL('/readyz', url))).json()).toMatchObject({ status: 'ready' })
})
