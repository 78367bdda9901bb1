import fc from 'fast-check'
import { expect, test } from 'vitest'
import { initialized, type Message, openBothWays, request } from '../support/plain-ways.ts'

/** Mostly right, so that many are plain. */
const mostly = (right: unknown, ...others: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 5 * others.length, arbitrary: fc.constant(right) },
    ...others.map((other) => fc.constant(other)),
  )

const capabilities = mostly(
  {},
  { roots: { listChanged: true } },
  { roots: { listChanged: 5 } },
  { elicitation: {} },
  { elicitation: { form: {}, url: {} } },
  { elicitation: { form: 5 } },
  { elicitation: 5 },
  { sampling: {} },
  { sampling: { tools: {}, context: [] } },
  { tasks: { list: {} } },
  { experimental: { a: { b: [1] } } },
  { extensions: { 'io.modelcontextprotocol/tasks': {} } },
  { extensions: 'x' },
  { unknown: 5 },
  [],
  undefined,
)

const clientInfo = mostly(
  { name: 'x', version: '1' },
  { name: 'x', version: '1', title: 'X', websiteUrl: 'no url', more: 'y' },
  { name: 'x', version: '1', icons: [{ src: 'x' }] },
  { name: 'x', version: '1', icons: 'x' },
  { name: 'x' },
  undefined,
)

const legacyMeta = mostly(
  undefined,
  { traceparent: 'x' },
  { progressToken: 'p' },
  { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' },
)

const modernMeta = fc.record({
  'io.modelcontextprotocol/protocolVersion': mostly('2026-07-28', undefined, '2025-11-25', 5),
  'io.modelcontextprotocol/clientCapabilities': capabilities,
  'io.modelcontextprotocol/clientInfo': clientInfo,
  'io.modelcontextprotocol/logLevel': mostly(undefined, 'debug', 'loud'),
  progressToken: mostly(undefined, 'p'),
  traceparent: mostly(undefined, '00-1-2-01'),
})

const initializes = fc.record({
  method: fc.constant('initialize'),
  params: fc.record({
    protocolVersion: mostly(
      '2025-06-18',
      '2025-11-25',
      '2024-11-05',
      '1999-01-01',
      '2026-07-28',
      5,
    ),
    capabilities,
    clientInfo,
    _meta: mostly(undefined, {}, { progressToken: 1 }),
    more: mostly(undefined, 5),
  }),
})

const discoveries = fc.record({
  method: mostly('server/discover', 'initialize', 'tools/list'),
  params: fc.record({ _meta: modernMeta, more: mostly(undefined, 5) }),
})

const requests = (meta: fc.Arbitrary<unknown>) =>
  fc.record({
    method: mostly(
      'tools/call',
      'tools/list',
      'ping',
      'prompts/list',
      'nothing',
      'server/discover',
      'initialize',
    ),
    params: fc.oneof(
      { weight: 1, arbitrary: fc.constant(undefined) },
      {
        weight: 12,
        arbitrary: fc.record({
          name: mostly('query_database', 'get_schema', 'no_such_tool', 5, undefined),
          arguments: mostly(
            { query: 'SELECT a FROM t' },
            { query: 'DROP TABLE t' },
            {},
            [],
            undefined,
          ),
          _meta: meta,
          cursor: mostly(undefined, 'x', 5),
          task: mostly(undefined, { ttl: 5 }),
        }),
      },
    ),
  })

test.each([
  { era: 'legacy', first: initializes, more: requests(legacyMeta), notified: [initialized] },
  { era: 'modern', first: discoveries, more: requests(modernMeta), notified: [] },
])(
  'the short way answers a $era client as the protocol library does, from the first message on',
  async ({ first, more: next, notified }) => {
    const { short, long, loaded } = openBothWays()
    let asked = 0
    await fc.assert(
      fc.asyncProperty(first, fc.array(next, { maxLength: 4 }), async (one, more) => {
        asked += 1
        const [hello, ...others] = [one, ...more].map(({ method, params }, id) =>
          request(id, method as string, params as object | undefined),
        )
        const [taken, expected] = [short(), long()]
        for (const client of [taken, expected]) client.send(hello ?? {}, ...notified, ...others)
        for (let id = 0; id <= more.length; id++) {
          const answers = await Promise.all([taken.answer(id), expected.answer(id)])
          expect(withoutTimes(answers[0])).toEqual(withoutTimes(answers[1]))
        }
        await Promise.all([taken.close(), expected.close()])
      }),
      { numRuns: 100 },
    )
    // Both ways were gone.
    expect(loaded()).toBeGreaterThan(3)
    expect(asked - loaded()).toBeGreaterThan(3)
  },
  60_000,
)

/** What two answers to the same question differ in anyway. */
const withoutTimes = (answer: Message): unknown =>
  JSON.parse(
    JSON.stringify(answer).replaceAll(/(\\?"(?:elapsed_ms|took_ms|age_s|ms)\\?":)[\d.]+/g, '$10'),
  )
