import { expect, test, vi } from 'vitest'
import { askAs, writeJobsConfig } from '../support/jobs.ts'
import { makeDatabase } from '../support/scratch.ts'
import { serveHere } from '../support/serve-here.ts'

const extension = 'io.modelcontextprotocol/tasks'

const countTo = (most: number): string =>
  `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${most}) SELECT count(*) FROM n`

/** Overflows once it has counted. */
const failing = countTo(5_000_000).replace('count(*)', 'abs(-9223372036854775807 - (count(*) > 0))')

interface Answered {
  readonly result?: Readonly<Record<string, unknown>>
  readonly error?: { readonly code: number; readonly message: string }
}

interface Sent {
  readonly method: string
  readonly name: string
  readonly params: object
  readonly declares?: boolean
  readonly meta?: object
}

async function send(
  url: URL,
  { method, name, params, declares = true, meta = {} }: Sent,
): Promise<Answered> {
  const capabilities = declares ? { extensions: { [extension]: {} } } : {}
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      'mcp-name': name,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method,
      params: {
        ...params,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientCapabilities': capabilities,
          ...meta,
        },
      },
    }),
  })
  const text = await response.text()
  const frames = [...text.matchAll(/^data: (.*)$/gm)]
  return JSON.parse(frames.at(-1)?.[1] ?? text) as Answered
}

const call = (query: string): Sent => ({
  method: 'tools/call',
  name: 'query_database',
  params: { name: 'query_database', arguments: { query } },
})

const about = (method: string, taskId: string): Sent => ({
  method,
  name: taskId,
  params: { taskId },
})

async function serve(): Promise<URL> {
  const { config } = writeJobsConfig({
    url: `sqlite:${makeDatabase('SELECT 1')}`,
    limits: 'timeout: 300ms',
  })
  return serveHere({ config })
}

/** What `tasks/get` says once the task has ended. */
async function endOf(url: URL, query: string): Promise<Answered['result']> {
  const { result } = await send(url, call(query))
  const taskId = String(result?.['taskId'])
  return vi.waitFor(
    async () => {
      const asked = await send(url, about('tasks/get', taskId))
      expect(asked.result).not.toMatchObject({ status: 'working' })
      return asked.result
    },
    { timeout: 20_000, interval: 50 },
  )
}

test('a client that declares the extension on its request gets a task, any other the job', async () => {
  const url = await serve()
  const plain = await send(url, { ...call(countTo(1e12)), declares: false })
  expect(plain.result).toMatchObject({ structuredContent: { job: { status: 'running' } } })
  const { result } = await send(url, call(countTo(1e12)))
  expect(result).toMatchObject({
    resultType: 'task',
    taskId: expect.stringMatching(/^[0-9a-f]{32}$/),
    status: 'working',
    createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
    ttlMs: null,
    pollIntervalMs: 2000,
  })
  // It asks for progress as well: another way to the same answer.
  const streamed = await send(url, { ...call(countTo(1e12)), meta: { progressToken: 1 } })
  expect(streamed.result).toMatchObject({ resultType: 'task', taskId: result?.['taskId'] })
  const job = await askAs(url)('get_job_status', { job_id: String(result?.['taskId']), wait_ms: 0 })
  expect(job).toMatchObject({ job: { status: 'running' } })
})

test('a task is working until it has its result, an error of a tool included', async () => {
  const rows = await endOf(await serve(), countTo(5_000_000))
  const failure = await endOf(await serve(), failing)
  expect(rows).toMatchObject({
    status: 'completed',
    result: { structuredContent: { rows: [[5_000_000]] }, content: [{ type: 'text' }] },
  })
  expect(failure).toMatchObject({
    status: 'completed',
    result: { isError: true, structuredContent: { error: { code: 'query_failed' } } },
  })
})

test('a task is cancelled, asks nothing, and one that is not there is wrong parameters', async () => {
  const url = await serve()
  const { result } = await send(url, call(countTo(1e12)))
  const taskId = String(result?.['taskId'])
  expect((await send(url, about('tasks/update', taskId))).result).toBeDefined()
  expect((await send(url, about('tasks/cancel', taskId))).result).toBeDefined()
  expect((await send(url, about('tasks/get', taskId))).result).toMatchObject({
    status: 'cancelled',
  })
  for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel'])
    expect((await send(url, about(method, '0'.repeat(32)))).error?.code).toBe(-32602)
})

test('a request about a task that does not declare the extension itself is refused', async () => {
  const url = await serve()
  const { result } = await send(url, call(countTo(1e12)))
  for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
    const asked = { ...about(method, String(result?.['taskId'])), declares: false }
    expect((await send(url, asked)).error).toMatchObject({
      code: -32021,
      data: { requiredCapabilities: { extensions: { [extension]: {} } } },
    })
  }
})
