import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type HttpServer, modernCall, startHttpServer } from '../support/http-server.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { serverCommand } from '../support/serve.ts'

const shop = `CREATE TABLE customers (id INTEGER, email TEXT); INSERT INTO customers VALUES (1, 'ana@x.example');
  CREATE TABLE orders (id INTEGER);`

interface Written {
  readonly path: string
  /** Puts another config in its place. */
  readonly write: (yaml: string) => void
}

function writeConfig(yaml: string): Written {
  const folder = scratchFolder()
  makeDatabase(shop, join(folder, 'shop.db'))
  const path = join(folder, 'vitrine.yaml')
  const write = (text: string): void => {
    writeFileSync(`${path}.new`, text)
    renameSync(`${path}.new`, path)
  }
  write(yaml)
  return { path, write }
}

const source = (more = ''): string => `sources: { shop: { url: sqlite:./shop.db${more} } }\n`

const tool = `tools:
  count_orders: { description: Counts orders., source: shop, sql: select count(*) as n from orders }
`

async function ask(server: HttpServer, query: string, path = '/mcp'): Promise<string> {
  const response = await modernCall(new URL(path, server.url), ['query_database', { query }])
  return response.text()
}

const said = (server: HttpServer, text: RegExp, times = 1): Promise<void> =>
  vi.waitFor(() => expect(server.stderr().match(new RegExp(text, 'g'))?.length ?? 0).toBe(times), {
    timeout: 20_000,
    interval: 50,
  })

const anew = /the config was read anew/

const email = 'SELECT email FROM customers'

test('a config that changed is served: what it closes is closed, what it names is there', async () => {
  const { path, write } = writeConfig(source())
  const server = await startHttpServer(path)
  expect(await ask(server, email)).toMatch(/ana@x\.example/)
  write(
    `${source(', columns: { customers.email: mask }')}${tool}groups: { few: { tools: [count_orders] } }\n`,
  )
  await said(server, anew)
  expect(await ask(server, email)).toMatch(/"rows":\[\[null\]\]/)
  const listed = await fetch(new URL('/tools/few', server.url))
  expect(await listed.json()).toMatchObject({ tools: [{ name: 'count_orders' }] })
})

test('one that is not right changes nothing, and it is said where it is wrong', async () => {
  const { path, write } = writeConfig(source())
  const server = await startHttpServer(path)
  write(source(', tabels: [orders]'))
  await said(server, /the config is not right, and what was served goes on/)
  expect(server.stderr()).toMatch(
    /vitrine\.yaml:1:\d+ .*tabels: unknown key\. Did you mean "tables"\?/,
  )
  write(`${source()}groups: { few: { tools: [no_such_tool] } }\n`)
  await said(server, /there is no tool no_such_tool/)
  expect(await ask(server, email)).toMatch(/ana@x\.example/)
  write(source(', tables: [orders]'))
  await said(server, anew)
  expect(await ask(server, email)).toMatch(/not open/)
})

test('calls that are under way end as they began, and new ones are answered meanwhile', async () => {
  const { path, write } = writeConfig(source(', limits: { timeout: 20s, job_timeout: 0s }'))
  const server = await startHttpServer(path)
  await ask(server, 'SELECT 1')
  const slow = ask(
    server,
    'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000000) SELECT count(*), (SELECT email FROM customers) FROM n',
  )
  write(source(', tables: [orders], limits: { timeout: 20s, job_timeout: 0s }'))
  await said(server, anew)
  expect(await ask(server, email)).toMatch(/not open/)
  expect(await slow).toMatch(/8000000,"ana@x\.example"/)
})

test('a client over stdio is told that the list of tools is another one', async () => {
  const { path, write } = writeConfig(source())
  const client = new Client({ name: 'test', version: '1' })
  const told = new Promise<void>((resolve) =>
    client.setNotificationHandler('notifications/tools/list_changed', () => resolve()),
  )
  await client.connect(new StdioClientTransport({ ...serverCommand(path), stderr: 'ignore' }))
  onTestFinished(() => client.close())
  const names = async (): Promise<string[]> =>
    (await client.listTools()).tools.map(({ name }) => name)
  expect(await names()).not.toContain('count_orders')
  write(`${source()}${tool}`)
  await told
  expect(await names()).toContain('count_orders')
  const { structuredContent } = await client.callTool({ name: 'count_orders', arguments: {} })
  expect(structuredContent).toMatchObject({ rows: [[0]] })
})

const few = (tools: string): string => `groups: { few: { tools: [${tools}] } }\n`

test('over stdio, claims and the group that is served are those of the config that holds now', async () => {
  const whose = `tools:
  count_orders: { description: Counts orders., source: shop, sql: select count(*) as n from orders }
  tell_tenant:
    description: Tells the tenant.
    source: shop
    parameters: { tenant: { type: string, claim: tenant } }
    sql: select :tenant as tenant
`
  const { path, write } = writeConfig(
    `${source()}claims: { tenant: acme }\n${whose}${few('tell_tenant, query_database')}`,
  )
  const { command, args } = serverCommand(path)
  const client = new Client({ name: 'test', version: '1' })
  const transport = { command, args: [...args, '--group', 'few'], stderr: 'ignore' as const }
  await client.connect(new StdioClientTransport(transport))
  onTestFinished(() => client.close())
  const call = async (name: string, given = {}): Promise<string> =>
    JSON.stringify(await client.callTool({ name, arguments: given }).catch(String))
  expect(await call('tell_tenant')).toMatch(/acme/)
  write(`${source()}claims: { tenant: other }\n${whose}${few('tell_tenant')}`)
  await vi.waitFor(async () => expect(await call('tell_tenant')).toMatch(/other/), {
    timeout: 10_000,
  })
  expect(await call('query_database', { query: email })).not.toMatch(/ana@/)
  write(`${source()}claims: { tenant: other }\n${whose}`)
  await vi.waitFor(async () => expect(await call('tell_tenant')).not.toMatch(/rows/), {
    timeout: 10_000,
  })
})

test('an answer that was kept is not given again once its column is masked', async () => {
  const cached = ', cache: { results: 10m, shared: true }'
  const { path, write } = writeConfig(source(cached))
  const server = await startHttpServer(path)
  await vi.waitFor(async () => expect(await ask(server, email)).toMatch(/ana@x\.example.*cached/), {
    timeout: 10_000,
  })
  write(source(`${cached}, columns: { customers.email: mask }`))
  await said(server, anew)
  expect(await ask(server, email)).not.toMatch(/ana@/)
})

test('what was used up stays used up where its limits did not change', async () => {
  const limits = 'limits: { per_actor: 3/h }\n'
  const { path, write } = writeConfig(`${source()}${limits}`)
  const server = await startHttpServer(path)
  for (let nr = 0; nr < 3; nr++) await ask(server, 'SELECT 1')
  write(`${source(', tables: [orders]')}${limits}`)
  await said(server, anew)
  expect(await ask(server, 'SELECT 1')).toMatch(/rate_limited/)
})

test('what takes a start is named, and stays as it was', async () => {
  const { path, write } = writeConfig(source())
  const server = await startHttpServer(path)
  write(`name: other\n${source()}http: { listen: '127.0.0.1:1', legacy_sse: true }\n`)
  await said(server, /read anew\. At the next start: name, http\.listen, http\.legacy_sse\./)
  expect(await ask(server, 'SELECT 1')).toMatch(/"rows":\[\[1\]\]/)
})

test('a source that was added and cannot be reached is named', async () => {
  const { path, write } = writeConfig(source())
  const server = await startHttpServer(path)
  write('sources: { shop: { url: sqlite:./shop.db }, away: { url: sqlite:./away.db } }\n')
  await said(server, anew)
  await said(server, /the source away is not available/)
  expect(server.stderr()).not.toMatch(/the source shop/)
})

test('auth is not taken away while somebody listens', async () => {
  const { path, write } = writeConfig(`${source()}http: { auth: { tokens: ./tokens.yaml } }\n`)
  const server = await startHttpServer(path)
  expect(await ask(server, 'SELECT 1')).toMatch(/unauthenticated/)
  write(source())
  await said(server, /http\.auth can be changed, not added or taken away/)
  expect(await ask(server, 'SELECT 1')).toMatch(/unauthenticated/)
})

test.skipIf(process.platform === 'win32')(
  'SIGHUP has the config read anew in every process of a server',
  async () => {
    const { path } = writeConfig(source())
    const server = await startHttpServer(path, { args: ['--workers', '2'] })
    server.process.kill('SIGHUP')
    await said(server, anew)
    expect(await ask(server, 'SELECT 1')).toMatch(/"rows":\[\[1\]\]/)
  },
)
