/** What docs/resources.md and docs/prompts.md show is what there is. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runHere } from '../support/command-here.ts'
import { connectStdio, makeFiles, textOf } from '../support/offers.ts'
import { makeDatabase } from '../support/scratch.ts'

const read = (page: string): string =>
  readFileSync(fileURLToPath(new URL(`../../docs/${page}`, import.meta.url)), 'utf8')

/** The config that a page shows, with what it names beside it. */
function makeExample(page: string): string {
  const [, yaml] = /<!-- example -->\n```yaml\n([\s\S]*?)```/.exec(read(page)) ?? []
  if (yaml === undefined) throw new Error(`${page} shows no example.`)
  const folder = makeFiles({
    'shop.md': 'Money is in cents.',
    'terms.md': 'Terms',
    'handbook/refunds.md': 'Refunds',
    'handbook/prices/2026.csv': 'a,b',
    'handbook/other.csv': 'left out',
  })
  makeDatabase(
    `CREATE TABLE orders (id INTEGER PRIMARY KEY, status TEXT, total_cents INTEGER);
     INSERT INTO orders VALUES (4711, 'paid', 1999)`,
    join(folder, 'shop.db'),
  )
  const path = join(folder, 'vitrine.yaml')
  writeFileSync(path, yaml)
  return path
}

test('the example of docs/resources.md serves every URI that its comments name', async () => {
  const config = makeExample('resources.md')
  expect(await runHere(['check', config])).toMatchObject({ code: 0 })
  const uris = [...readFileSync(config, 'utf8').matchAll(/vitrine:\/\/[^\s,]+/g)].map(
    ([uri]) => uri,
  )
  expect(uris).toHaveLength(4)
  const client = await connectStdio(config)
  const texts = await Promise.all(uris.map((uri) => textOf(client, uri)))
  expect(texts).toEqual([
    'Refunds',
    'a,b',
    'Terms',
    '{"row":{"id":4711,"status":"paid","total_cents":1999}}',
  ])
  await expect(textOf(client, 'vitrine://handbook/other.csv')).rejects.toThrow(/no resource/)
})

test('the example of docs/prompts.md is filled in as the page says', async () => {
  const config = makeExample('prompts.md')
  expect(await runHere(['check', config])).toMatchObject({ code: 0 })
  const client = await connectStdio(config)
  const { messages } = await client.getPrompt({
    name: 'month_report',
    arguments: { month: '2026-05', currency: 'EUR' },
  })
  expect(messages).toMatchObject([
    { content: { resource: { text: 'Money is in cents.' } } },
    {
      content: {
        text: expect.stringMatching(/report of 2026-05.*\nAmounts in EUR\.\n\nGive the SQL/s),
      },
    },
  ])
  const { completion } = await client.complete({
    ref: { type: 'ref/prompt', name: 'month_report' },
    argument: { name: 'status', value: '' },
  })
  expect(completion.values).toEqual(['paid'])
})

test('docs/prompts.md names every prompt that ships, with its arguments', async () => {
  const client = await connectStdio(makeExample('resources.md'))
  const { prompts } = await client.listPrompts()
  for (const { name, arguments: asked = [] } of prompts) {
    const row = read('prompts.md')
      .split('\n')
      .find((line) => line.startsWith(`| \`${name}\` |`))
    for (const argument of asked) expect(row).toContain(`\`${argument.name}\``)
  }
})
