import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { makeDatabase } from '../support/scratch.ts'
import { createApp } from '../../dist/app/app.js'
import { defaultConfig } from '../../dist/config/config.js'
import type { Asking } from '../../dist/tools/call.js'
import { missingTool } from '../../dist/tools/missing-tool.js'
import { toTool } from '../../dist/tools/run-defined.js'
import type { DeclaredSources } from '../../dist/tools/served-source.js'
import type { Tool } from '../../dist/tools/tool.js'
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

const posting = (run: ToolDefinition<{ id: bigint }>['run']) =>
  defineTool({
    name: 'post_message',
    description: 'Posts a message.',
    input: z.object({ id: z.int().transform(BigInt) }),
    effect: 'write',
    describe: ({ id }) => `Post ${id}`,
    run,
  })

test('a yes to what it did is none to what its code does after the config was read anew', async () => {
  const posted: string[] = []
  const here = posting(async ({ id }) => ({ posted: posted.push(`here ${id}`) }))
  const elsewhere = posting(async ({ id }) => ({ posted: posted.push(`elsewhere ${id}`) }))
  const config = { ...defaultConfig, sources: [] }
  const app = createApp(config, (sources) => [toTool(here, sources)])
  onTestFinished(() => app.close())
  const call = (asking: Asking) => {
    const context = { signal: AbortSignal.timeout(20_000), actor: app.localActor }
    const about = { arguments: { id: 7 }, context, origin: { transport: 'http' } as const }
    return app.callTool({ tool: app.tools[0] ?? missingTool('post_message', []), ...about, asking })
  }
  const yes = async (): Promise<Asking> => {
    const { question } = await call({})
    return { response: { state: question?.state ?? '', decision: 'accepted' } }
  }
  expect((await call(await yes())).answer).toEqual({ posted: 1 })
  const before = await yes()
  const make = (sources: DeclaredSources): Tool[] => [toTool(elsewhere, sources)]
  await app.reload(config, make, async () => undefined)
  await expect(call(before)).rejects.toMatchObject({ code: 'not_confirmed' })
  expect(posted).toEqual(['here 7'])
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
