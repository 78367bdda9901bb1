import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type AgentEvent, openAgent, toBillAnswer } from '../../dist/agent/index.js'
import type { FakeScript, RequestBody } from '../../dist/testing/messages-api/index.js'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { callsIn, filesystem, log, odd, readLog, tool, vitrineOver } from './servers.ts'
import { fastRetry, lastMessage, run, statusOf } from './runs.ts'
import { fakeModel, says, use } from './support.ts'

interface Result {
  readonly tool_use_id: string
  readonly content: readonly { readonly text: string }[]
}

const resultsIn = (body: RequestBody | undefined): readonly Result[] =>
  (body?.messages?.at(-1)?.content ?? []) as unknown as Result[]

test('a question is answered from a real database', async () => {
  const database = makeDatabase('CREATE TABLE t (a); INSERT INTO t VALUES (41), (42)')
  const query = { query: 'SELECT max(a) FROM t' }
  const { api, outcome } = await run(
    [{ content: [use('shop__query_database', query)] }, says('It is 42.')],
    { servers: [vitrineOver(database)] },
  )
  expect(outcome).toMatchObject({ status: 'answered', text: 'It is 42.', turns: 2 })
  expect(lastMessage(api)).toMatch(/\[\[42\]\]/)
  expect(outcome.read).toEqual({ untrusted: true, sensitive: true })
  expect(api.journal.every(({ refused }) => refused === undefined)).toBe(true)
})

test('the tools are the same bytes on every turn', async () => {
  const servers = [odd(log(), { tools: [tool('a'), tool('b')] }, { facts: { readOnly: true } })]
  const turns = Array.from({ length: 4 }, () => ({ content: [use('odd__a')] }))
  const { api } = await run([...turns, says('Done')], { servers, limits: { maxTurns: 4 } })
  const prefixes = api.journal.map(({ raw }) =>
    raw.slice(raw.indexOf('"tools"'), raw.indexOf('}]') + 2),
  )
  expect(api.journal).toHaveLength(5)
  expect(new Set(prefixes).size).toBe(1)
})

test('several calls of one answer are answered in its order, in one message', async () => {
  const servers = [odd(log(), { tools: [tool('a'), tool('b')] }, { facts: { readOnly: true } })]
  const uses = [
    use('odd__b', { n: 1 }),
    use('odd__a', { n: 2 }),
    use('nothing'),
    use('odd__b', { n: 3 }),
  ]
  const { api } = await run([{ content: uses }, says('Done')], { servers })
  const content = resultsIn(api.journal[1]?.body)
  expect(content.map((block) => block.tool_use_id)).toEqual(uses.map(({ id }) => id))
  expect(content.map((block) => block.content[0]?.text)).toEqual([
    'ran b {"n":1}',
    'ran a {"n":2}',
    expect.stringMatching(/There is no tool nothing/),
    'ran b {"n":3}',
  ])
})

describe('every reason to stop ends as it is documented', () => {
  test.each([
    ['end_turn', 'answered'],
    ['stop_sequence', 'answered'],
    ['max_tokens', 'cut_off'],
    ['refusal', 'refused'],
    ['model_context_window_exceeded', 'context_full'],
    ['brand_new', 'unknown_stop'],
  ])('%s', async (stop_reason, status) => {
    const { outcome } = await run([{ ...says('So far'), stop_reason }])
    expect([statusOf(outcome), outcome.text]).toEqual([status, 'So far'])
  })

  test('pause_turn goes on, and the answer so far is sent back as it came', async () => {
    const paused = { ...says('Let me think'), stop_reason: 'pause_turn' }
    const { api, outcome } = await run([paused, says('Done')])
    expect(statusOf(outcome)).toBe('answered')
    expect(api.journal[1]?.body.messages?.at(-1)).toEqual({
      role: 'assistant',
      content: paused.content,
    })
  })

  test('a call in an answer that was cut is not made, and the next question is taken', async () => {
    const file = log()
    const { api, provider } = await fakeModel([
      { content: [use('odd__a')], stop_reason: 'max_tokens' },
      says('Fine'),
    ])
    const servers = [odd(file, { tools: [tool('a')] }, { facts: { readOnly: true } })]
    const agent = await openAgent({ servers, provider })
    expect(statusOf(await agent.ask('One'))).toBe('cut_off')
    expect(statusOf(await agent.ask('Two'))).toBe('answered')
    await agent.close()
    expect(callsIn(file)).toEqual([])
    expect(api.journal.map(({ refused }) => refused)).toEqual([undefined, undefined])
  })
})

describe('a fault of the API', () => {
  test.each([
    ['429 with Retry-After', { kind: 'status', status: 429, retryAfter: 0.01 }],
    ['429 without', { kind: 'status', status: 429 }],
    ['529', { kind: 'status', status: 529 }],
    ['a cut connection', { kind: 'cut', afterEvents: 3 }],
    ['overload in mid-stream', { kind: 'error', afterEvents: 3, type: 'overloaded_error' }],
    ['a stall', { kind: 'stall', afterEvents: 3 }],
  ] as const)('%s is tried again, and is on the bill', async (_what, fault) => {
    const events: AgentEvent[] = []
    const script: FakeScript = (_body, index) =>
      index === 0 ? { ...says('Never'), fault } : says('Hi')
    const { outcome } = await run(script, {
      ...(fault.kind === 'stall' ? { idleMs: 1000 } : {}),
      onEvent: (event) => events.push(event),
    })
    expect([outcome.status, outcome.text, outcome.turns]).toEqual(['answered', 'Hi', 1])
    expect(events.some(({ type }) => type === 'retry')).toBe(true)
    expect(toBillAnswer(outcome.bill).at_least).toBe(fault.kind !== 'status')
  })

  test('that stays ends the run, typed, and the conversation can go on', async () => {
    const fault = { kind: 'status', status: 529 } as const
    const { api, provider } = await fakeModel([{ fault }, { fault }, { fault }, says('Hi')])
    const agent = await openAgent({ servers: [], provider, retry: fastRetry })
    const outcome = await agent.ask('Hello')
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'too_busy' } })
    expect((await agent.ask('Again')).text).toBe('Hi')
    await agent.close()
    expect(api.journal).toHaveLength(4)
  })

  test('that will not pass is not tried again', async () => {
    const { api, outcome } = await run([{ fault: { kind: 'status', status: 401 } }])
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'unauthenticated' } })
    expect(api.journal).toHaveLength(1)
  })

  test('whose Retry-After is longer than anybody waits ends the run and says when', async () => {
    const fault = { kind: 'status', status: 429, retryAfter: 600 } as const
    const { outcome } = await run([{ fault }])
    expect(outcome).toMatchObject({ error: { code: 'rate_limited', retryAfterMs: 600_000 } })
  })
})

test('Ctrl-C reaches the server of the call that runs', async () => {
  const file = log()
  const stop = new AbortController()
  const servers = [odd(file, { tools: [tool('a')], neverIn: 'a' }, { facts: { readOnly: true } })]
  const running = run([{ content: [use('odd__a')] }], { servers, signal: stop.signal })
  await expect.poll(() => callsIn(file).length, { timeout: 10_000 }).toBe(1)
  stop.abort()
  const { outcome } = await running
  expect(statusOf(outcome)).toBe('cancelled')
  expect(readLog(file).at(-1)?.method).toBe('notifications/cancelled')
})

test('a tool that never answers ends with its deadline, and the model goes on', async () => {
  const servers = [odd(log(), { tools: [tool('a')], neverIn: 'a' }, { facts: { readOnly: true } })]
  const { api, outcome } = await run([{ content: [use('odd__a')] }, says('Done')], {
    servers,
    limits: { callTimeoutMs: 200 },
  })
  expect(statusOf(outcome)).toBe('answered')
  expect(lastMessage(api)).toMatch(/took too long/)
})

test('what a person does not allow is not done, and the model is told', async () => {
  const folder = scratchFolder()
  const path = join(folder, 'a.txt')
  writeFileSync(path, 'old')
  const write = use('files__write_file', { path, content: 'new' })
  const { api } = await run([{ content: [write] }, says('Pity')], { servers: [filesystem(folder)] })
  expect(lastMessage(api)).toMatch(/Nobody has allowed this call \(destructive\)/)
  const { readFileSync } = await import('node:fs')
  expect(readFileSync(path, 'utf8')).toBe('old')
  await run([{ content: [write] }, says('Done')], {
    servers: [filesystem(folder)],
    approve: ({ arguments: input }) => Promise.resolve(input['path'] === path),
  })
  expect(readFileSync(path, 'utf8')).toBe('new')
})

test('a conversation goes on with what was said, and bills each run for itself', async () => {
  const { api, provider } = await fakeModel([says('One'), says('Two')])
  const agent = await openAgent({ servers: [], provider })
  const first = await agent.ask('1?')
  const second = await agent.ask('2?')
  await agent.close()
  expect(api.journal[1]?.body.messages?.map(({ role }) => role)).toEqual([
    'user',
    'assistant',
    'user',
  ])
  expect([first, second].map(({ bill }) => bill.lines.length)).toEqual([1, 1])
})

test('a question while another one is answered is refused, and disturbs nothing', async () => {
  const { provider } = await fakeModel([says('One'), says('Two')])
  const agent = await openAgent({ servers: [], provider })
  onTestFinished(() => agent.close())
  const first = agent.ask('First?')
  await expect(agent.ask('Second?')).rejects.toMatchObject({ code: 'invalid_input' })
  expect((await first).messages).toHaveLength(2)
  expect((await agent.ask('Third?')).text).toBe('Two')
})

test('an answer in a shape that is asked for', async () => {
  const outputSchema = { type: 'object', properties: { n: { type: 'integer' } } }
  const { api } = await run([says('{"n":1}')], { outputSchema })
  expect(api.journal[0]?.body['output_config']).toEqual({
    format: { type: 'json_schema', schema: outputSchema },
  })
})

test.each([
  ['{"n":1}', 'answered', undefined],
  ['{"n":"one"}', 'misshapen', 'expected a whole number at n'],
  ['It is one.', 'misshapen', 'it is no JSON'],
])('an answer %s to a question for a shape is %s', async (answer, status, reason) => {
  const outputSchema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: { n: { type: 'integer' } },
    required: ['n'],
  }
  const { outcome } = await run([says(answer)], { outputSchema })
  expect([outcome.status, outcome.text]).toEqual([status, answer])
  expect('reason' in outcome ? outcome.reason : undefined).toBe(reason)
})

test('a shape that is none is refused before anything is asked', async () => {
  const outputSchema = { type: 'objekt' }
  await expect(run([], { outputSchema })).rejects.toMatchObject({ code: 'invalid_input' })
})
