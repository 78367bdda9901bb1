import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createApp } from '../../dist/app/app.js'
import type { Actor } from '../../dist/base/actor.js'
import { loadConfig } from '../../dist/config/load.js'
import { createToolsets } from '../../dist/server/toolsets.js'
import { expect, onTestFinished, test, vi } from 'vitest'
import { vitrine } from '../support/command.ts'
import { runHere } from '../support/command-here.ts'
import { json, startApi } from '../support/api-server.ts'
import { serveHere } from '../support/serve-here.ts'
import { RawServer } from '../support/serve.ts'
import { scratchFolder } from '../support/scratch.ts'

const secret = 'sesame-open-9'

const invoice = {
  id: 7,
  total_cents: 1999,
  lines: [
    { text: 'Lamp', cents: 1500, weight: 3 },
    { text: 'Bulb', cents: 499, weight: 1 },
  ],
}

/** A billing API that wants a token, says which headers it was sent, and has one invoice. */
const startBilling = () =>
  startApi((request, response) => {
    if (request.headers.authorization !== `Bearer ${secret}`)
      return json({ message: `Bad token ${request.headers.authorization}` }, 401)(request, response)
    if (request.url === '/v2/invoices/7') return json(invoice)(request, response)
    if (request.url === '/v2/echo') return json(request.headers)(request, response)
    return json({ title: 'Not Found', detail: 'No such invoice.' }, 404)(request, response)
  })

const yaml = (url: string, token = '${BILLING_TOKEN}'): string => `claims: { sub: ana }
sources:
  billing:
    url: ${url}/v2
    description: Invoices of the shop
    private_addresses: true
    headers: { Authorization: 'Bearer ${token}', X-User: '{claim:sub}' }
tools:
  invoice:
    description: One invoice with its lines
    source: billing
    request: GET /invoices/{id}
    parameters: { id: { type: integer } }
    select: '{id: id, total: total_cents, lines: lines[].{text: text, cents: cents}}'
  echo: { description: What was sent, source: billing, request: GET /echo }
audit: { file: ./audit.jsonl, statements: true }
`

async function open(text: string) {
  const folder = scratchFolder()
  const path = join(folder, 'vitrine.yaml')
  writeFileSync(path, text)
  const app = createApp(await loadConfig(path, { BILLING_TOKEN: secret }))
  onTestFinished(() => app.close())
  const call = async (name: string, given: object, actor: Actor = app.localActor) => {
    const tool = createToolsets(app)(actor).tools.get(name)
    if (tool === undefined) throw new Error(`There is no ${name}.`)
    const context = { signal: AbortSignal.timeout(20_000), actor }
    const asked = { tool, arguments: given, context, origin: { transport: 'stdio' as const } }
    return app.callTool(asked).then(
      ({ answer }) => answer,
      ({ code, message, hint }: Record<string, unknown>) => ({ code, message, hint }),
    )
  }
  return { app, folder, path, call }
}

test('a call asks the API and gives what was selected; on record is the request and no value of it', async () => {
  const server = await startBilling()
  const { call, folder, app } = await open(yaml(server.url))
  expect(await call('invoice', { id: 7 })).toEqual({
    data: {
      id: 7,
      total: 1999,
      lines: [
        { text: 'Lamp', cents: 1500 },
        { text: 'Bulb', cents: 499 },
      ],
    },
    truncated: false,
  })
  expect(await call('invoice', { id: 99_123 })).toMatchObject({
    code: 'not_found',
    message: 'The API has nothing there (HTTP 404). It says: No such invoice.',
  })
  expect(server.asked[0]?.headers).toMatchObject({ 'x-user': 'ana' })
  await app.close()
  const record = readFileSync(join(folder, 'audit.jsonl'), 'utf8')
  expect(record).toMatch(/"source":"billing"/)
  expect(record).toMatch(/"statement":"GET \/invoices\/\{id\}"/)
  expect(record).not.toMatch(/99123|99_123|sesame/)
})

test('a 64-bit id, given in quotes as answers write it, is asked for to the last digit', async () => {
  const server = await startBilling()
  const { call } = await open(yaml(server.url))
  expect(await call('invoice', { id: '9007199254740993' })).toMatchObject({ code: 'not_found' })
  expect(server.asked.map(({ url }) => url)).toEqual(['/v2/invoices/9007199254740993'])
})

test('credentials are in no answer and in no error, though the API echoes them', async () => {
  const server = await startBilling()
  const { call } = await open(yaml(server.url))
  expect(await call('echo', {})).toMatchObject({ data: { authorization: '***', 'x-user': 'ana' } })
  const wrong = await open(yaml(server.url, '${BILLING_TOKEN}-wrong'))
  expect(await wrong.call('invoice', { id: 7 })).toEqual({
    code: 'not_allowed',
    message: "The API does not accept this server's credentials (HTTP 401). It says: Bad token ***",
    hint: 'Tell the person who runs the server: the credentials of this source have to be renewed.',
  })
})

test('whoever has no claim that the API is told, asks it nothing', async () => {
  const server = await startBilling()
  const { call } = await open(yaml(server.url))
  const nobody: Actor = { id: 'nobody', claims: {}, tools: 'all', sources: 'all' }
  expect(await call('invoice', { id: 7 }, nobody)).toMatchObject({
    code: 'not_allowed',
    message: "This API is told the caller's sub, and nothing says it.",
  })
  const crafty = { ...nobody, claims: { sub: 'a\r\nX-Admin: 1' } }
  expect(await call('invoice', { id: 7 }, crafty)).toMatchObject({ code: 'not_allowed' })
  expect(server.asked).toEqual([])
})

test('to whom a source is closed, its tools are not there', async () => {
  const { app } = await open(yaml('http://127.0.0.1:1'))
  const other: Actor = { id: 'o', claims: {}, tools: 'all', sources: ['shop'] }
  const closed = createToolsets(app)(other)
  expect([...closed.tools.keys()]).toEqual([])
  expect(closed.instructions).not.toMatch(/billing/)
  const { listed, instructions } = createToolsets(app)(app.localActor)
  expect(instructions).toMatch(/^Read-only access to billing \(an API\): Invoices of the shop\./)
  expect(listed.tools[0]).toEqual({
    name: 'invoice',
    title: 'Invoice',
    description: 'One invoice with its lines',
    inputSchema: {
      type: 'object',
      properties: { id: { type: 'integer' } },
      required: ['id'],
      additionalProperties: false,
    },
    annotations: {
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: true,
    },
  })
})

test('a client gets it all over stdio, and an API that is down stops nothing', async () => {
  const { path } = await open(yaml('http://127.0.0.1:1', 'abc'))
  const server = new RawServer(path)
  await server.initialize()
  const { result } = await server.call(1, 'invoice', { id: 7 })
  expect(result).toMatchObject({
    isError: true,
    structuredContent: {
      error: { code: 'source_unavailable', message: 'The API cannot be reached.', retryable: true },
    },
  })
  await vi.waitFor(() => expect(server.stderr).toMatch(/the API billing: .*ECONNREFUSED/), 10_000)
})

test('check tells that an API answers', async () => {
  const { path } = await open(yaml((await startBilling()).url, secret))
  const { code, stdout } = await runHere(['check', path])
  expect(stdout).toMatch(/✓ billing: an API, 2 tools/)
  expect(code).toBe(0)
})

test('that an API does not answer is told by check, and is no mistake of the file', async () => {
  const { path } = await open(yaml('http://127.0.0.1:1', secret))
  const { code, stdout } = await runHere(['check', path])
  expect(stdout).toMatch(/! .*ECONNREFUSED/)
  expect(code).toBe(0)
})

test('doctor lists an API', async () => {
  const { path } = await open(yaml((await startBilling()).url, secret))
  const { stdout } = await runHere(['doctor', path])
  expect(stdout).toMatch(/API billing/)
  expect(stdout).toMatch(/Requests that are open, as tools: 2\./)
})

test('a tool of an API is called from a terminal', async () => {
  const { path } = await open(yaml((await startBilling()).url))
  const { stdout } = await vitrine(['call', path, 'invoice', '--id', '7'], {
    env: { BILLING_TOKEN: secret },
  })
  expect(JSON.parse(stdout)).toMatchObject({ data: { id: 7, total: 1999 } })
})

test('an API alone makes a server that is ready', async () => {
  const { path } = await open(yaml('http://127.0.0.1:1', 'abc'))
  const url = await serveHere({ config: path })
  const response = await fetch(new URL('/readyz', url))
  expect(response.status).toBe(200)
})
