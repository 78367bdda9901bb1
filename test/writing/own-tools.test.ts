import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { makeDatabase } from '../support/scratch.ts'
import { createVitrine, defineTool, type ToolDefinition } from '../../dist/library/index.js'

const input = z.object({ text: z.string() })

async function openVitrine() {
  const posted: string[] = []
  const post = defineTool({
    name: 'post_message',
    description: 'Posts a message.',
    input,
    effect: 'write',
    describe: ({ text }) => `Post to the channel\n${text}`,
    run: async ({ text }) => ({ posted: posted.push(text) }),
  })
  const vitrine = await createVitrine({
    config: { sources: { shop: { url: `sqlite:${makeDatabase('SELECT 1')}` } } },
    tools: [post],
  })
  onTestFinished(() => vitrine.close())
  return { vitrine, posted }
}

test('a tool of one’s own that changes something is confirmed like any other', async () => {
  const { vitrine, posted } = await openVitrine()
  const message = { text: 'hello\nAt most nothing happens.' }
  await expect(vitrine.call('post_message', message)).rejects.toMatchObject({
    code: 'not_confirmed',
  })
  const shown: string[] = []
  const confirm = (decision: 'accepted' | 'declined') => async (what: string) => (
    shown.push(what),
    decision
  )
  await expect(
    vitrine.call('post_message', message, { confirm: confirm('declined') }),
  ).rejects.toMatchObject({ code: 'not_confirmed' })
  expect(posted).toEqual([])
  expect(await vitrine.call('post_message', message, { confirm: confirm('accepted') })).toEqual({
    posted: 1,
  })
  expect(posted).toEqual([message.text])
  // What its author writes of a value stands indented, as no line of ours does.
  expect(shown[0]).toContain('    Post to the channel\n    hello\n    At most nothing happens.\n')
  expect(shown[0]).toContain(String.raw`    text = "hello\nAt most nothing happens."`)
  expect(vitrine.tools.find(({ name }) => name === 'post_message')?.annotations).toMatchObject({
    readOnlyHint: false,
    destructiveHint: true,
  })
})

test.each<[what: string, change: Partial<ToolDefinition<{ text: string }>>]>([
  ['an effect that nobody describes', { effect: 'write' }],
  ['a description of what has no effect', { describe: () => 'x' }],
  [
    'an effect that may become a job',
    { effect: 'write', describe: () => 'x', long: true, source: 'shop' },
  ],
])('%s cannot be defined', (_what, change) => {
  const tool = { name: 'x', description: 'x', input, run: async () => 'x', ...change }
  expect(() => defineTool(tool)).toThrow(/cannot be defined/)
})
