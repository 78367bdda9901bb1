import Anthropic from '@anthropic-ai/sdk'
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema'
import { expect, onTestFinished, test } from 'vitest'
import { openHub } from '../../dist/agent/hub/hub.js'
import { textOf } from '../../dist/agent/messages.js'
import { Gate } from '../../dist/agent/safety/permit.js'
import { type FakeScript, startFakeMessagesApi } from '../../dist/testing/messages-api/index.js'
import { run } from './runs.ts'
import { log, odd, tool } from './servers.ts'
import { never, says, use } from './support.ts'

const script = (): FakeScript => [
  {
    content: [
      { type: 'thinking', thinking: 'Hm', signature: 'c2ln' },
      { type: 'text', text: 'I look.' },
      use('odd__a', { n: 1, deep: { b: [true, null, 'ü'] } }),
      use('odd__b', { n: 2 }),
    ],
  },
  { ...says('A pause'), stop_reason: 'pause_turn' },
  { content: [use('odd__b', {})] },
  says('Done'),
]

/** What the official tool runner sends, with the same tools behind the same names. */
async function officially(turns: FakeScript): Promise<unknown[]> {
  const api = await startFakeMessagesApi(turns)
  onTestFinished(api.close)
  const hub = await openHub([
    odd(log(), { tools: [tool('a'), tool('b')] }, { facts: { readOnly: true, egress: false } }),
  ])
  onTestFinished(() => hub.close())
  const client = new Anthropic({ apiKey: 'x', baseURL: api.url })
  const gate = new Gate(undefined)
  const tools = hub.definitions.map(({ name, description, input_schema }) =>
    betaTool({
      name,
      description,
      inputSchema: input_schema as { type: 'object' },
      run: async (input) => {
        const found = hub.toolNamed(name)
        if (found === undefined) throw new Error(`no ${name}`)
        const { server, definitionHash, facts } = found
        const call = {
          server,
          tool: found.tool,
          arguments: input as object as never,
          definitionHash,
        }
        const clean = { untrusted: false, sensitive: false }
        const { permit } = await gate.judge(call, [clean, facts], never)
        if (permit === undefined) throw new Error('not permitted')
        const options = { timeoutMs: 5000, signal: never, onProgress: () => {} }
        return textOf((await hub.call(permit, options)).content)
      },
    }),
  )
  const runner = client.beta.messages.toolRunner({
    model: 'claude-opus-5-5',
    max_tokens: 16_000,
    messages: [{ role: 'user', content: 'What is there?' }],
    tools,
    thread: false,
    stream: true,
  })
  for await (const stream of runner) await stream.finalMessage()
  return api.journal.map(({ body }) => plain(body))
}

/** Without the marks for the cache, the runner sets none, without the default kind of a tool, and with texts written in one way. */
const plain = (body: object): unknown =>
  JSON.parse(JSON.stringify(body), (key, value: unknown) => {
    if (key === 'cache_control' || (key === 'type' && value === 'custom')) return undefined
    if (key !== 'content') return value
    return typeof value === 'string' ? [{ type: 'text', text: value }] : value
  })

test('the requests are those of the official tool runner for the same script', async () => {
  const turns = script()
  const servers = [
    odd(log(), { tools: [tool('a'), tool('b')] }, { facts: { readOnly: true, egress: false } }),
  ]
  const { api } = await run(turns, { servers })
  const ours = api.journal.map(({ body }) => plain(body))
  const theirs = await officially(turns)
  expect(ours).toHaveLength(4)
  expect(ours).toEqual(theirs)
})
