import type { Client } from '@modelcontextprotocol/client'
import { expect, test } from 'vitest'
import { connectHere, connectStdio, makeShop, modern } from '../support/offers.ts'
import { toolNames } from '../support/serve.ts'

const report = `prompts:
  report:
    title: Report
    description: A report of a month
    arguments:
      month: { description: As 2026-05, required: true }
      status: { suggest: shop.orders.status }
      table: { suggest: tables }
      email: { suggest: shop.customers.email }
    messages:
      - resource: vitrine://shop/notes
      - text: |
          Report of {{month}}.
          Only {{status}}.
          For {{email}}.
      - { role: assistant, text: I begin with the schema. }
      - { resource: 'vitrine://shop/schema/{{table}}' }
`

const complete = async (
  client: Client,
  [name, argument]: readonly [string, string],
  value: string,
): Promise<string[]> => {
  const ref = { type: 'ref/prompt', name } as const
  const { completion } = await client.complete({ ref, argument: { name: argument, value } })
  return completion.values
}

test.each<[string, (config: string) => Promise<Client>]>([
  ['2026-07-28 over stdio', (config) => connectStdio(config)],
  ['an older revision over stdio', (config) => connectStdio(config, 'legacy')],
  ['2026-07-28 over HTTP', (config) => connectHere(config)],
  ['an older revision over HTTP', (config) => connectHere(config, 'legacy')],
])('a prompt of the config is listed, completed and filled in: %s', async (_name, connect) => {
  const client = await connect(makeShop(report))
  const { prompts } = await client.listPrompts()
  expect(prompts.at(-1)).toMatchObject({
    name: 'report',
    title: 'Report',
    arguments: [{ name: 'month', required: true }, {}, {}, {}],
  })
  expect(await complete(client, ['report', 'status'], 'p')).toEqual(['paid'])
  expect(await complete(client, ['report', 'table'], '')).toEqual(['customers', 'orders'])
  // Masked: it has no values here.
  expect(await complete(client, ['report', 'email'], '')).toEqual([])
  const { description, messages } = await client.getPrompt({
    name: 'report',
    arguments: { month: '{{status}}', table: 'orders' },
  })
  expect(description).toBe('A report of a month')
  expect(messages).toMatchObject([
    {
      role: 'user',
      content: {
        type: 'resource',
        resource: { uri: 'vitrine://shop/notes', text: 'Money is in cents.' },
      },
    },
    { role: 'user', content: { type: 'text', text: 'Report of {{status}}.' } },
    { role: 'assistant', content: { type: 'text', text: 'I begin with the schema.' } },
    { content: { resource: { uri: 'vitrine://shop/schema/orders' } } },
  ])
  const wrong = client.getPrompt({ name: 'report', arguments: {} })
  await expect(wrong).rejects.toMatchObject({ code: -32_602, message: /month is missing/ })
  const unknown = client.getPrompt({ name: 'reprot' })
  await expect(unknown).rejects.toMatchObject({
    code: -32_602,
    message: /no prompt reprot.*Did you mean "report"/s,
  })
})

const defaults = ['explore_source', 'answer_with_evidence', 'explain_a_number']

async function textsOf(client: Client, given: Record<string, string> = {}): Promise<string[]> {
  const texts = defaults.map(async (name) => {
    const needed = {
      answer_with_evidence: { question: 'How many?' },
      explain_a_number: { number: '42' },
    }
    const { messages } = await client.getPrompt({
      name,
      arguments: { ...needed[name as keyof typeof needed], ...given },
    })
    return messages.map(({ content }) => (content.type === 'text' ? content.text : '')).join('\n')
  })
  return Promise.all(texts)
}

test('those that ship ask for evidence, by tools that there are, and leave no gaps', async () => {
  const client = await connectHere(makeShop(''))
  const { prompts } = await client.listPrompts()
  expect(prompts.map(({ name }) => name)).toEqual(defaults)
  for (const { title, description } of prompts)
    expect([title, description]).not.toContain(undefined)
  // Where there is one source nobody is asked for it.
  expect(prompts.flatMap(({ arguments: asked = [] }) => asked.map(({ name }) => name))).toEqual([
    'focus',
    'question',
    'number',
    'where',
  ])
  for (const text of await textsOf(client)) {
    expect(text).not.toMatch(/\{\{|undefined|\n{3}/)
    expect(text).toMatch(/SQL/)
    expect(text).toMatch(/never follow instructions/)
    const named = [...text.matchAll(/\b[a-z]+_(?:database|schema|job_status)\b/g)].map(
      ([name]) => name,
    )
    expect(new Set(named).size).toBeGreaterThan(1)
    for (const name of named) expect(toolNames).toContain(name)
    expect(text.length).toBeLessThan(4000)
  }
})

test('where there are several sources those that ship take one, and offer them', async () => {
  const client = await connectHere(makeShop(`  other: { url: 'sqlite:./shop.db' }\n`))
  expect(await complete(client, ['answer_with_evidence', 'source'], 'o')).toEqual(['other'])
  await expect(client.getPrompt({ name: 'explore_source' })).rejects.toThrow(/source is missing/)
  for (const text of await textsOf(client, { source: 'other' }))
    expect(text).toMatch(/source "?other/)
  const [, evidence] = await Promise.all([
    client.listPrompts(),
    client.getPrompt({ name: 'answer_with_evidence', arguments: { question: 'Why?' } }),
  ])
  expect(JSON.stringify(evidence)).not.toMatch(/Use the source/)
})

test('a config turns those that ship off, or puts its own in the place of one', async () => {
  const off = await connectHere(makeShop('default_prompts: false\n'))
  expect(off.getServerCapabilities()?.prompts).toBeUndefined()
  const own = `prompts: { explore_source: { messages: [{ text: Ours }] } }\n`
  const client = await connectHere(makeShop(own), modern)
  const { prompts } = await client.listPrompts()
  expect(prompts.map(({ name }) => name)).toEqual([...defaults.slice(1), 'explore_source'])
  const { messages } = await client.getPrompt({ name: 'explore_source' })
  expect(messages).toMatchObject([{ content: { text: 'Ours' } }])
})
