import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createApp } from '../../dist/app/app.js'
import { loadConfig } from '../../dist/config/load.js'
import { createToolsets } from '../../dist/server/toolsets.js'
import { json, startApi } from '../support/api-server.ts'
import { startChangedApi } from '../support/changed-api.ts'
import { scratchFolder } from '../support/scratch.ts'
import { openWritingApp } from '../support/writing.ts'

const page = readFileSync(new URL('../../docs/apis.md', import.meta.url), 'utf8')
const blocks = [...page.matchAll(/```(?:yaml|json)\n(.*?)```/gs)].map(([, text = '']) => text)
const [, question = ''] = /```text\n(.*?)```/s.exec(page) ?? []

test('the example of docs/apis.md does what the page says', async () => {
  const [config = '', document = '', answer = '', , mine = ''] = blocks
  const server = await startApi((request, response) => {
    const invoice = { id: 7, total_cents: 1999, lines: [{ text: 'Lamp', cents: 1999, vat: 19 }] }
    const isOne = request.url === '/api/v2/invoices/7?expand=lines'
    const isList = /^\/api\/v2\/invoices(\?|$)/.test(request.url ?? '')
    json(isOne ? invoice : isList ? [invoice] : {}, isOne || isList ? 200 : 404)(request, response)
  })
  const folder = scratchFolder()
  const path = join(folder, 'vitrine.yaml')
  const local = config
    .replace('https://billing.example', server.url)
    .replace('description:', 'private_addresses: true\n    description:')
  writeFileSync(path, local + mine.replace('tools:\n', ''))
  writeFileSync(join(folder, 'billing.yaml'), document)
  const app = createApp(await loadConfig(path, { BILLING_TOKEN: 'sesame-1' }))
  onTestFinished(() => app.close())
  const { tools } = createToolsets(app)(app.localActor)
  expect([...tools.keys()]).toEqual(['invoice', 'my_invoices', 'billing_list_invoices'])
  const ask = async (name: string, given: object) =>
    tools.get(name)?.run(given, { signal: AbortSignal.timeout(10_000), actor: app.localActor })
  expect(await ask('invoice', { id: 7 })).toEqual(JSON.parse(answer))
  expect(await ask('billing_list_invoices', { status: 'paid' })).toMatchObject({ row_count: 1 })
  expect(server.asked.at(-1)?.url).toBe('/api/v2/invoices?status=paid')
  expect(await ask('my_invoices', {})).toEqual({
    data: [{ id: 7, total: 1999 }],
    row_count: 1,
    truncated: false,
  })
  await expect(ask('my_invoices', { page: 21 })).rejects.toMatchObject({ code: 'invalid_input' })
})

test('the request of the page that changes something is asked for in the words of the page, and sent so', async () => {
  const api = await startChangedApi()
  const path = join(scratchFolder(), 'vitrine.yaml')
  const [, , , config = ''] = blocks
  const local = config.replace('https://billing.example', api.url)
  writeFileSync(
    path,
    local.replace('writable: true', 'writable: true\n    private_addresses: true'),
  )
  const { call } = await openWritingApp(path, { BILLING_TOKEN: 'sesame-1' })
  const input = { order: 'R-17', amount_cents: 500, reason: 'Broken glass' }
  const asked = (await call('refund', input)).question
  expect(`${asked?.text.replace(api.url, 'https://billing.example')}\n`).toBe(question)
  const response = { state: asked?.state ?? '', decision: 'accepted' } as const
  await call('refund', input, { asking: { response } })
  expect(question).toContain(`    ${api.received[0]?.body.replaceAll('\n', '\n    ')}\n`)
})
