import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { hashOf } from '../../dist/edge/auth/token.js'
import { readRecord } from '../edge/audit/records.ts'
import { connectHttp, connectHere, makeShop, modern, textOf } from '../support/offers.ts'
import { serveHere } from '../support/serve-here.ts'

const more = `  hr: { url: 'sqlite:./shop.db' }
resources:
  handbook: { folder: ./handbook }
  salaries: { folder: ./salaries, source: hr }
  customer: { source: shop, table: customers, key: id }
prompts:
  report: { messages: [{ text: Report }] }
  pay: { source: hr, messages: [{ text: Pay }] }
  read_pay: { messages: [{ resource: 'vitrine://salaries/pay.md' }] }
`
const files = { 'handbook/a.md': 'A', 'salaries/pay.md': 'secret' }

type Allowed = 'all' | readonly string[]

interface Grant {
  readonly tools: Allowed
  readonly sources: Allowed
}

/** A server of people, each with a token. */
async function serve(people: Readonly<Record<string, Grant>>) {
  const config = makeShop(`${more}http: { auth: { tokens: ./tokens.yaml } }\n`, files)
  const created = new Date()
  const expires = new Date(+created + 3_600_000)
  const tokens = Object.entries(people).map(([name, grant]) => ({
    name,
    hash: hashOf(`vitrine_${name}`),
    ...grant,
    created,
    expires,
  }))
  writeFileSync(join(dirname(config), 'tokens.yaml'), JSON.stringify(tokens), { mode: 0o600 })
  const url = await serveHere({ config })
  return {
    folder: dirname(config),
    as: (name: string) => connectHttp(url, modern, `vitrine_${name}`),
  }
}

const outcome = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'given',
    (error: { code: number }) => error.code,
  )

const everything = [
  'vitrine://shop/schema',
  'vitrine://hr/schema',
  'vitrine://handbook/a.md',
  'vitrine://salaries/pay.md',
  'vitrine://shop/customer/1',
]

test.each<[string, Grant, { read: readonly string[]; prompts: readonly string[] }]>([
  [
    'everything',
    { tools: 'all', sources: 'all' },
    {
      read: everything,
      prompts: [
        'explore_source',
        'answer_with_evidence',
        'explain_a_number',
        'report',
        'pay',
        'read_pay',
      ],
    },
  ],
  [
    'one source',
    { tools: 'all', sources: ['shop'] },
    {
      read: ['vitrine://shop/schema', 'vitrine://handbook/a.md', 'vitrine://shop/customer/1'],
      prompts: ['explore_source', 'answer_with_evidence', 'explain_a_number', 'report', 'read_pay'],
    },
  ],
  [
    'the schema',
    { tools: ['get_schema'], sources: ['shop'] },
    { read: ['vitrine://shop/schema'], prompts: [] },
  ],
  [
    'documents',
    { tools: ['read_resource', 'get_prompt'], sources: [] },
    { read: ['vitrine://handbook/a.md'], prompts: ['report', 'read_pay'] },
  ],
  ['questions alone', { tools: ['query_database'], sources: 'all' }, { read: [], prompts: [] }],
])('who may use %s finds that and nothing else', async (_name, grant, { read, prompts }) => {
  const { as } = await serve({ ana: grant })
  const client = await as('ana')
  const { resources, prompts: offered } = client.getServerCapabilities() ?? {}
  expect([resources !== undefined, offered !== undefined]).toEqual([
    read.length > 0,
    prompts.length > 0,
  ])
  const listed = read.length > 0 ? (await client.listResources()).resources : []
  const shown = [...read, 'vitrine://shop/notes']
  expect(listed.filter(({ uri }) => !shown.includes(uri))).toEqual([])
  const named = prompts.length > 0 ? (await client.listPrompts()).prompts : []
  expect(named.map(({ name }) => name)).toEqual(prompts)
  for (const uri of everything) {
    const isOpen = read.includes(uri)
    const without = resources === undefined ? 'CLIENT_HTTP_NOT_IMPLEMENTED' : -32_602
    const got = await outcome(client.request({ method: 'resources/read', params: { uri } }))
    expect([uri, got]).toEqual([uri, isOpen ? 'given' : without])
  }
  // It is open as a prompt; the resource in it stays closed.
  const embedded = prompts.includes('read_pay')
    ? await outcome(client.getPrompt({ name: 'read_pay' }))
    : 'no prompt'
  const hasBoth = prompts.includes('read_pay') && read.includes('vitrine://salaries/pay.md')
  expect(embedded === 'given').toBe(hasBoth)
})

test('nobody hears of changes to what they may not read', async () => {
  const { as, folder } = await serve({
    ana: { tools: 'all', sources: 'all' },
    bob: { tools: 'all', sources: ['shop'] },
  })
  const heard: string[] = []
  for (const name of ['ana', 'bob']) {
    const client = await as(name)
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
      heard.push(`${name} ${params.uri}`)
    })
    const resourceSubscriptions = ['vitrine://salaries/pay.md', 'vitrine://handbook/a.md']
    await client.listen({ resourceSubscriptions })
  }
  let round = 0
  await vi.waitFor(
    () => {
      round += 1
      for (const path of ['salaries/pay.md', 'handbook/a.md'])
        writeFileSync(join(folder, path), 'x'.repeat(round))
      expect(new Set(heard)).toEqual(
        new Set([
          'ana vitrine://salaries/pay.md',
          'ana vitrine://handbook/a.md',
          'bob vitrine://handbook/a.md',
        ]),
      )
    },
    { timeout: 20_000, interval: 300 },
  )
})

test('reads are limited and on record as calls are, whatever is asked', async () => {
  const config = makeShop(
    `resources: { handbook: { folder: ./handbook }, customer: { source: shop, table: customers, key: id } }
limits: { per_tool: { read_resource: 5/h, get_prompt: 1/h } }
audit: { file: ./audit.jsonl }
`,
    files,
  )
  const client = await connectHere(config)
  expect(await textOf(client, 'vitrine://handbook/a.md')).toBe('A')
  await client.listResources()
  await textOf(client, 'vitrine://shop/customer/1')
  await outcome(client.readResource({ uri: 'vitrine://handbook/../vitrine.yaml' }))
  await client.complete({
    ref: { type: 'ref/resource', uri: 'vitrine://handbook/{+path}' },
    argument: { name: 'path', value: '' },
  })
  await expect(client.readResource({ uri: 'vitrine://handbook/a.md' })).rejects.toMatchObject({
    code: -32_603,
    data: { code: 'rate_limited', retryable: true },
  })
  await textOf(client, 'vitrine://shop/schema')
  const evidence = { name: 'answer_with_evidence', arguments: { question: 'How many?' } }
  await client.getPrompt(evidence)
  expect(await outcome(client.getPrompt(evidence))).toBe(-32_603)
  const file = join(dirname(config), 'audit.jsonl')
  const lines = readRecord(file).map(({ tool, source, decision, reason, rows }) =>
    [tool, source, decision, reason, rows]
      .filter((part) => part !== undefined)
      .map(String)
      .join(' '),
  )
  expect(lines).toEqual([
    'read_resource allowed',
    'read_resource allowed',
    'read_resource shop allowed 1',
    'read_resource failed unknown_resource',
    'read_resource allowed',
    'read_resource refused rate_limited',
    'get_schema shop allowed',
    'get_prompt allowed',
    'get_prompt refused rate_limited',
  ])
  // What was read is known by a hash alone, unless the config wants more.
  expect(readFileSync(file, 'utf8')).not.toMatch(/handbook|customer/)
})
