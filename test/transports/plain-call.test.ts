import { createMcpHandler } from '@modelcontextprotocol/server'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import type { Actor } from '../../dist/base/actor.js'
import { answerCall } from '../../dist/server/answer-call.js'
import { createServerFactory } from '../../dist/server/create-server.js'
import { createToolsets } from '../../dist/server/toolsets.js'
import { toPlainAnswer, toPlainCall } from '../../dist/transports/http/plain-call.js'
import { noSignal, openTestApp } from '../support/open.ts'
import { makeDatabase } from '../support/scratch.ts'

const actor: Actor = { id: 'test', claims: {}, tools: 'all', sources: 'all' }

interface Post {
  readonly headers: Record<string, string>
  readonly body: unknown
}

/** Both ways a call may take: the one of the protocol library, and our own where it is taken. */
function openBothWays(): {
  readonly short: (post: Post) => Promise<unknown>
  readonly long: (post: Post) => Promise<unknown>
} {
  const app = openTestApp(makeDatabase('CREATE TABLE t(a); INSERT INTO t VALUES (1)'))
  const toolsetOf = createToolsets(app)
  const { callTool, lists, resourceChanges } = app
  const parts = {
    name: 'test',
    callTool,
    toolsetOf,
    lists,
    resourceChanges,
    onError: () => undefined,
  }
  const createServer = createServerFactory(parts)
  const handler = createMcpHandler(() => createServer({ actor, transport: 'http' }))
  onTestFinished(() => handler.close())
  return {
    short: async ({ headers, body }) => {
      const call = toPlainCall(headers, body)
      const toolset = toolsetOf(actor)
      if (call === undefined || !toolset.tools.has(call.name)) return undefined
      const { name, arguments: given } = call
      const context = { signal: noSignal, actor }
      const origin = { transport: 'http' } as const
      const named = { name, arguments: given, context, origin }
      return JSON.parse(toPlainAnswer(call, await answerCall(parts, toolset, named), 'test'))
    },
    long: async ({ headers, body }) => {
      const request = { method: 'POST', headers, body: JSON.stringify(body) }
      const response = await handler.fetch(new Request('http://localhost/mcp', request))
      const text = await response.text()
      const [, framed = text] = /^data: (.*)$/m.exec(text) ?? []
      return { status: response.status, answer: JSON.parse(framed) as unknown }
    },
  }
}

/** Mostly right, so that many posts are whole calls; each part wrong often enough. */
const mostly = <T>(right: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 30, arbitrary: fc.constant(right) },
    ...others.map((other) => fc.constant(other)),
  )

const client = { name: 'x', version: '1' }
const revision = 'io.modelcontextprotocol/protocolVersion'
const capabilities = 'io.modelcontextprotocol/clientCapabilities'
const info = 'io.modelcontextprotocol/clientInfo'

/** What is undefined is left out when the body is written. */
const modernMeta = fc.record({
  [revision]: mostly<unknown>('2026-07-28', undefined, '2025-11-25', '2099-01-01', 5),
  [capabilities]: mostly<unknown>({}, undefined, { elicitation: {} }, { elicitation: 5 }, []),
  [info]: mostly<unknown>(client, undefined, { name: 'x' }, 'x'),
  traceparent: mostly<unknown>(undefined, '00-1-2-01', 5),
  progressToken: mostly<unknown>(undefined, 'p', 5, {}),
  'io.modelcontextprotocol/logLevel': mostly<unknown>(undefined, 'debug', 'loud'),
})

const legacyMeta = fc.record({
  progressToken: mostly<unknown>(undefined, 1, {}),
  traceparent: mostly<unknown>(undefined, '00-1-2-01'),
  [info]: mostly<unknown>(undefined, client, 'x', { name: { toString: 1 } }),
})

const params = (meta: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.record({
    name: mostly<unknown>('query_database', 'get_schema', 'nothing', 5, ''),
    arguments: fc.oneof(
      fc.constant({ query: 'SELECT a FROM t' }),
      mostly<unknown>({ query: 'SELECT b FROM t' }, { query: 5 }, {}, undefined, [], 'SELECT 1'),
    ),
    _meta: meta,
    requestState: mostly<unknown>(undefined, 'x'),
    task: mostly<unknown>(undefined, { ttl: 5 }),
  })

const post = (
  meta: fc.Arbitrary<unknown>,
  versions: fc.Arbitrary<string | undefined>,
): fc.Arbitrary<Post> =>
  fc
    .record({
      version: versions,
      method: mostly<string | undefined>('tools/call', undefined, 'tools/list', ' tools/call'),
      name: mostly<string | undefined>(
        'query_database',
        undefined,
        'get_schema',
        '=?base64?cXVlcnlfZGF0YWJhc2U=?=',
      ),
      type: mostly<string | undefined>(
        'application/json',
        undefined,
        'application/json; charset=utf-8',
        'text/plain',
        'application/jsonx',
      ),
      accept: mostly('application/json, text/event-stream', 'application/json', '*/*', 'text/html'),
      body: fc.record({
        jsonrpc: mostly<unknown>('2.0', '1.0'),
        id: mostly<unknown>(1, 'a', 0, 1.5, null),
        method: mostly('tools/call', 'tools/list', 'ping'),
        params: params(meta),
        extra: mostly<unknown>(undefined, 1),
      }),
    })
    .map(({ version, method, name, type, accept, body }) => ({
      headers: {
        ...(type !== undefined && { 'content-type': type }),
        accept,
        ...(version !== undefined && { 'mcp-protocol-version': version }),
        ...(method !== undefined && { 'mcp-method': method }),
        ...(name !== undefined && { 'mcp-name': name }),
      },
      // As it comes over the wire.
      body: JSON.parse(JSON.stringify(body)) as unknown,
    }))

test.each([
  [
    '2026-07-28',
    post(modernMeta, mostly<string | undefined>('2026-07-28', undefined, '2025-11-25')),
  ],
  [
    'the revisions before',
    post(
      legacyMeta,
      mostly<string | undefined>('2025-06-18', undefined, '2024-11-05', '2026-07-28', '1999-01-01'),
    ),
  ],
])('the short way answers a call of %s as the protocol library does', async (_name, posts) => {
  const { short, long } = openBothWays()
  let taken = 0
  await fc.assert(
    fc.asyncProperty(posts, async (one) => {
      const answer = await short(one)
      if (answer === undefined) return
      taken += 1
      expect({ status: 200, answer }).toEqual(await long(one))
    }),
    { numRuns: 600 },
  )
  expect(taken).toBeGreaterThan(60)
})
