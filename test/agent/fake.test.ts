import Anthropic from '@anthropic-ai/sdk'
import { expect, onTestFinished, test } from 'vitest'
import { startFakeMessagesApi } from '../../dist/testing/messages-api/index.js'
import { says } from './support.ts'

const hello = [{ role: 'user', content: 'Hello' }] as const

async function send(body: object): Promise<string> {
  const api = await startFakeMessagesApi([says('Hi')])
  onTestFinished(api.close)
  const response = await fetch(`${api.url}/v1/messages`, {
    method: 'POST',
    body: JSON.stringify({ model: 'm', max_tokens: 1, messages: hello, ...body }),
  })
  const answer = (await response.json()) as { error?: { message: string } }
  return answer.error?.message ?? 'taken'
}

const tool = (more: object) => ({ name: 'a', input_schema: { type: 'object' }, ...more })
const call = { type: 'tool_use', id: 'x', name: 'a', input: {} }
const result = { type: 'tool_result', tool_use_id: 'x', content: [] }

test.each<[string, object, RegExp]>([
  ['a whole request', {}, /^taken$/],
  [
    'two texts in one message',
    {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
      ],
    },
    /^taken$/,
  ],
  ['no model', { model: undefined }, /model/],
  ['no max_tokens', { max_tokens: undefined }, /max_tokens/],
  ['max_tokens of 0', { max_tokens: 0 }, /max_tokens/],
  ['a temperature', { temperature: 0 }, /temperature/],
  ['a thread', { thread: { type: 'continue' } }, /thread/],
  ['a forced call', { tools: [tool({})], tool_choice: { type: 'any' } }, /tool_choice/],
  ['two tools of one name', { tools: [tool({}), tool({})] }, /unique/],
  ['a tool with a dot in its name', { tools: [tool({ name: 'a.b' })] }, /name/],
  ['a tool without a type', { tools: [tool({ input_schema: {} })] }, /type/],
  ['a choice on top', { tools: [tool({ input_schema: { type: 'object', anyOf: [] } })] }, /anyOf/],
  ['no messages', { messages: [] }, /at least one/],
  ['an assistant first', { messages: [{ role: 'assistant', content: 'x' }] }, /first/],
  [
    'an empty text',
    { messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] },
    /empty/,
  ],
  [
    'a call at the end',
    { messages: [...hello, { role: 'assistant', content: [call] }] },
    /without/,
  ],
  [
    'a call without its result',
    { messages: [...hello, { role: 'assistant', content: [call] }, ...hello] },
    /tool_use x without/,
  ],
  [
    'a result without a call',
    { messages: [{ role: 'user', content: [result] }] },
    /without a tool_use/,
  ],
  [
    'a text before a result',
    {
      messages: [
        ...hello,
        { role: 'assistant', content: [call] },
        { role: 'user', content: [{ type: 'text', text: 'a' }, result] },
      ],
    },
    /first/,
  ],
  [
    'two results for a call',
    {
      messages: [
        ...hello,
        { role: 'assistant', content: [call] },
        { role: 'user', content: [result, result] },
      ],
    },
    /more than one/,
  ],
])('the fake judges %s as the API would', async (_what, body, expected) => {
  expect(await send(body)).toMatch(expected)
})

test('a second request reads from the cache what the first one wrote', async () => {
  const api = await startFakeMessagesApi(() => says('Hi'))
  onTestFinished(api.close)
  const client = new Anthropic({ apiKey: 'x', baseURL: api.url })
  const asked = async (messages: Anthropic.MessageParam[]) => {
    const { usage } = await client.messages.create({
      model: 'm',
      max_tokens: 1,
      messages,
      cache_control: { type: 'ephemeral' },
    })
    return [usage.input_tokens, usage.cache_creation_input_tokens, usage.cache_read_input_tokens]
  }
  const [, first] = await asked([...hello])
  const longer = [...hello, { role: 'assistant' as const, content: 'Hi' }, ...hello]
  const [input, written, read] = await asked(longer)
  expect([input, read]).toEqual([0, first])
  expect(written).toBeGreaterThan(0)
})

test('a script that is at its end answers 500, and the journal has every request', async () => {
  const api = await startFakeMessagesApi([])
  onTestFinished(api.close)
  const client = new Anthropic({ apiKey: 'x', baseURL: api.url, maxRetries: 1 })
  const failed = client.messages.create({ model: 'm', max_tokens: 1, messages: [...hello] })
  await expect(failed).rejects.toThrow(/the script is at its end/)
  expect(api.journal.map(({ body }) => body.model)).toEqual(['m', 'm'])
})
