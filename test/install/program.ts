/** What somebody writes who installed the package; compiled and run in the folder of `installed.long.test.ts`. */
import { AppError, createVitrine, defineTool } from 'vitrine'
import { createScriptedProvider, type Outcome, runAgent } from 'vitrine/agent'
import type { FakeMessagesApi, JobStoreSuite, SourceSuite } from 'vitrine/testing'
import { startFakeMessagesApi } from 'vitrine/testing/messages-api'
import { z } from 'zod'

export type Suites = readonly [SourceSuite, JobStoreSuite]

const double = defineTool({
  name: 'double',
  description: 'Doubles a number.',
  input: z.object({ number: z.number() }),
  run: async ({ number }) => ({ number: number * 2 }),
})

async function ask(): Promise<Outcome> {
  const input = { query: 'SELECT count(*) FROM orders' }
  const call = { type: 'tool_use', id: '1', name: 'shop__query_database', input } as const
  const args = ['node_modules/vitrine/dist/cli/main.js', 'serve', 'shop.db']
  return runAgent({
    prompt: 'How many orders are there?',
    servers: [
      {
        name: 'shop',
        reach: { kind: 'stdio', command: process.execPath, args, env: {} },
        trusted: true,
      },
    ],
    provider: createScriptedProvider([
      { content: [call] },
      { content: [{ type: 'text', text: '16,000 orders.' }] },
    ]),
  })
}

const vitrine = await createVitrine({
  config: { sources: { shop: { url: 'sqlite:./shop.db' } } },
  tools: [double],
})
const api: FakeMessagesApi = await startFakeMessagesApi([])
const refused: unknown = await vitrine
  .call('double', { number: 'x' })
  .catch((error: unknown) => error)
const { text, turns } = await ask()
console.log(
  JSON.stringify({
    doubled: await vitrine.call('double', { number: 21 }),
    refused: refused instanceof AppError && refused.code,
    text,
    turns,
    fake: api.url.startsWith('http:'),
  }),
)
await vitrine.close()
await api.close()
