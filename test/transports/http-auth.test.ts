import { writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { addToken } from '../../dist/edge/auth/change-tokens.js'
import { dayMs, hashOf, makeTokenText } from '../../dist/edge/auth/token.js'
import { createVitrine } from '../../dist/library/index.js'
import { vitrine } from '../support/command.ts'
import { runHere } from '../support/command-here.ts'
import { modernCall, startHttpServer } from '../support/http-server.ts'
import { Issuer } from '../support/issuer.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { serveHere } from '../support/serve-here.ts'

const question = ['query_database', { query: 'SELECT 1 AS one' }] as const
const overview = ['get_schema', {}] as const

/** A config of two databases, one of them for some people alone, and a folder for it. */
function writeTeam(auth: string): { readonly folder: string; readonly config: string } {
  const folder = scratchFolder()
  makeDatabase('CREATE TABLE orders(id)', join(folder, 'shop.db'))
  makeDatabase('CREATE TABLE salaries(id)', join(folder, 'people.db'))
  const config = join(folder, 'vitrine.yaml')
  writeFileSync(
    config,
    `sources: { shop: { url: sqlite:./shop.db }, people: { url: sqlite:./people.db } }
http:
  url: https://data.example/mcp
  auth: ${auth}
`,
  )
  return { folder, config }
}

const serveTeam = (auth: string): Promise<URL> => serveHere({ config: writeTeam(auth).config })

/** Makes a token for everything; gives its text. */
async function makeToken(folder: string, name: string): Promise<string> {
  const text = makeTokenText()
  const created = new Date()
  const expires = new Date(+created + dayMs)
  const grant = { tools: 'all', sources: 'all', claims: {} } as const
  const path = join(folder, 'tokens.yaml')
  await addToken(path, { name, hash: hashOf(text), created, expires, ...grant })
  return text
}

const bearing = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

test('a colleague with a token sees what is open to them, until it is taken back', async () => {
  const { folder, config } = writeTeam('{ tokens: ./tokens.yaml }')
  const url = await serveHere({ config })
  const grant = ['--tools', 'query_database', '--sources', 'shop']
  const created = await runHere(['token', 'create', config, '--name', 'ana', ...grant])
  const ana = created.stdout.trim()
  await vi.waitFor(
    async () => expect((await modernCall(url, question, bearing(ana))).status).toBe(200),
    { timeout: 10_000, interval: 100 },
  )
  const tools = await fetch(new URL('/tools', url), bearing(ana))
  const listed = (await tools.json()) as { tools: { name: string }[] }
  expect(listed.tools.map(({ name }) => name)).toEqual(['query_database'])
  expect(JSON.stringify(listed)).not.toMatch(/people/)
  const closed = await modernCall(url, overview, bearing(ana))
  expect(await closed.json()).toMatchObject({ error: { code: -32602 } })
  const nobody = await modernCall(url, question)
  expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([
    401,
    'Bearer realm="vitrine"',
  ])
  await vitrine(['token', 'revoke', 'ana'], { cwd: folder })
  await vi.waitFor(
    async () => expect((await modernCall(url, question, bearing(ana))).status).toBe(401),
    { timeout: 10_000, interval: 100 },
  )
})

test('without auth only an address of this machine is listened on', async () => {
  const shop = makeDatabase('CREATE TABLE orders(id)')
  expect(await vitrine(['serve', shop, '--http', '0.0.0.0:0'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/would let anybody in/),
  })
  const served = await createVitrine({ config: { sources: { shop: { url: `sqlite:${shop}` } } } })
  onTestFinished(() => served.close())
  for (const listen of ['0.0.0.0:0', ':0', '[::]:0'])
    await expect(
      served.serveHttp({ signal: new AbortController().signal, listen }),
    ).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(/would let anybody in/),
    })
})

test('a token in the URL is none', async () => {
  const { folder, config } = writeTeam('{ tokens: ./tokens.yaml }')
  const ana = await makeToken(folder, 'ana')
  const url = await serveHere({ config })
  for (const name of ['access_token', 'token', 'authorization']) {
    const asked = new URL(url)
    asked.searchParams.set(name, ana)
    expect((await modernCall(asked, question)).status).toBe(401)
  }
})

test('someone a provider signed in is told where to sign in, and what a tool needs', async () => {
  const issuer = await Issuer.start()
  const url = await serveTeam(`
    jwt:
      issuer: ${issuer.url}
      audiences: [https://data.example/mcp]
      scopes:
        data:read: { tools: [query_database], sources: [shop] }
        data:schema: { tools: [get_schema], sources: [shop] }`)
  const nobody = await modernCall(url, question)
  const where = /resource_metadata="https:\/\/data\.example(\/[^"]+)"/
  const [, path = ''] = where.exec(nobody.headers.get('www-authenticate') ?? '') ?? []
  expect(await (await fetch(new URL(path, url))).json()).toEqual({
    resource: 'https://data.example/mcp',
    authorization_servers: [issuer.url],
    scopes_supported: ['data:read', 'data:schema'],
    bearer_methods_supported: ['header'],
  })
  const ana = bearing(await issuer.sign())
  expect((await modernCall(url, question, ana)).status).toBe(200)
  const further = await modernCall(url, overview, ana)
  expect(further.status).toBe(403)
  expect(further.headers.get('www-authenticate')).toMatch(
    /error="insufficient_scope".* scope="data:read data:schema"/,
  )
  const both = bearing(await issuer.sign({ scope: 'data:read data:schema' }))
  expect((await modernCall(url, overview, both)).status).toBe(200)
  const stranger = await modernCall(url, question, bearing(await issuer.sign({ scope: '' })))
  expect([stranger.status, stranger.headers.get('www-authenticate')]).toEqual([
    403,
    expect.stringMatching(/error="insufficient_scope"/),
  ])
  const slip = await modernCall(url, ['drop_table', {}], ana)
  expect(slip.headers.get('www-authenticate')).toBeNull()
})

test('a provider that is down keeps nobody out who has a static token', async () => {
  const issuer = await Issuer.start()
  const { folder, config } = writeTeam(`
    tokens: ./tokens.yaml
    jwt:
      issuer: ${issuer.url}
      audiences: [https://data.example/mcp]
      scopes: { data:read: { tools: all, sources: all } }`)
  const bob = await makeToken(folder, 'bob')
  const server = await startHttpServer(config)
  const signed = await issuer.sign()
  issuer.stop()
  const down = await modernCall(server.url, question, bearing(signed))
  expect([down.status, down.headers.get('retry-after')]).toEqual([503, '3'])
  expect((await modernCall(server.url, question, bearing(bob))).status).toBe(200)
  expect(server.stderr()).toMatch(/No signed token is taken: the provider .* cannot be asked/)
  expect(server.stderr()).not.toContain(bob)
})

test('a proxy on this machine vouches for people, with its secret', async () => {
  const url = await serveTeam(
    '{ proxy: { from: [127.0.0.1], tools: all, sources: [shop], secret: a secret of the proxy } }',
  )
  const sent = { 'x-vitrine-actor': 'ana', 'x-vitrine-secret': 'a secret of the proxy' }
  expect((await modernCall(url, question, { headers: sent })).status).toBe(200)
  const without = await modernCall(url, question, { headers: { 'x-vitrine-actor': 'ana' } })
  expect(without.status).toBe(401)
  // What a client sent before what the proxy adds: neither is believed.
  const twice = await statusOf(url, { ...sent, 'x-vitrine-actor': ['root', 'ana'] })
  expect([twice, await statusOf(url, sent)]).toEqual([401, 200])
})

/** Of the list of tools, asked for with headers that `fetch` would join. */
const statusOf = (
  url: URL,
  headers: Readonly<Record<string, string | string[]>>,
): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const asked = request(new URL('/tools', url), { headers }, (response) => {
      response.destroy()
      resolve(response.statusCode)
    })
    asked.once('error', reject).end()
  })

/** The events of a stream of HTTP+SSE, one at a time. */
async function* eventsOf(response: Response): AsyncGenerator<string> {
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += new TextDecoder().decode(chunk)
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [, data] = /^data: (.*)$/m.exec(text.slice(0, end)) ?? []
      text = text.slice(end + 2)
      if (data !== undefined) yield data
    }
  }
}

const vouchedFor = (tools: string) => ({ 'x-vitrine-actor': 'ana', 'x-tools': tools })

test('on an open stream a message may do what its own sender may now', async () => {
  const url = await serveTeam(`
    proxy: { from: [127.0.0.1], tools: all, sources: [shop], tools_header: X-Tools }
  legacy_sse: true`)
  const gone = new AbortController()
  onTestFinished(() => gone.abort())
  const opened = await fetch(new URL('/sse', url), {
    headers: vouchedFor('query_database'),
    signal: gone.signal,
  })
  const events = eventsOf(opened)
  const endpoint = new URL((await events.next()).value, url)
  const [name, input] = question
  const params = { name, arguments: input }
  const call = async (id: number, tools: string): Promise<unknown> => {
    const body = JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params })
    await fetch(endpoint, { method: 'POST', headers: vouchedFor(tools), body })
    return JSON.parse((await events.next()).value)
  }
  expect(await call(1, 'query_database')).toMatchObject({
    result: { structuredContent: { rows: [[1]] } },
  })
  expect(await call(2, 'get_schema')).toMatchObject({ error: { code: -32602 } })
})

test('a client that goes while its token is checked leaves no stream behind', async () => {
  const issuer = await Issuer.start()
  const url = await serveTeam(`
    jwt:
      issuer: ${issuer.url}
      jwks: ${issuer.url}/keys
      audiences: [https://data.example/mcp]
      scopes: { data:read: { tools: all, sources: all } }
  legacy_sse: true`)
  const stream = new URL('/sse', url)
  const ana = bearing(await issuer.sign())
  // The server itself asks as well, when it starts.
  const held: (() => void)[] = []
  issuer.answers.set('/keys', (_request, response) => {
    held.push(() => response.end(JSON.stringify({ keys: [issuer.key.jwk] })))
  })
  const gone = new AbortController()
  // More than there may be streams.
  const opening = Array.from({ length: 210 }, () =>
    fetch(stream, { ...ana, signal: gone.signal }).catch(() => 'gone'),
  )
  await vi.waitFor(() => expect(held).not.toEqual([]))
  expect((await fetch(new URL('/healthz', stream))).status).toBe(200)
  gone.abort()
  expect(await Promise.all(opening)).toEqual(opening.map(() => 'gone'))
  expect((await fetch(new URL('/healthz', stream))).status).toBe(200)
  for (const answer of held) answer()
  issuer.answers.delete('/keys')
  const later = new AbortController()
  onTestFinished(() => later.abort())
  expect((await fetch(stream, { ...ana, signal: later.signal })).status).toBe(200)
})
