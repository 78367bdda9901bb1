import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  Client,
  ClientCredentialsProvider,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client'
import { expect, onTestFinished, test } from 'vitest'
import { modernCall } from '../support/http-server.ts'
import { Issuer } from '../support/issuer.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { serveHere } from '../support/serve-here.ts'

const typed = 'https://data.example'

test.each(['auto', 'legacy'] as const)(
  'a client finds the provider by itself, signs in, and asks for more when a tool needs it (%s)',
  async (mode) => {
    const issuer = await Issuer.start()
    const folder = scratchFolder()
    makeDatabase('CREATE TABLE orders(id)', join(folder, 'shop.db'))
    const config = join(folder, 'vitrine.yaml')
    writeFileSync(
      config,
      `sources: { shop: { url: sqlite:./shop.db } }
http:
  url: ${typed}/mcp
  auth:
    jwt:
      issuer: ${issuer.url}
      audiences: [${typed}/mcp]
      scopes:
        data:read: { tools: [query_database], sources: all }
        data:schema: { tools: [get_schema], sources: all }
`,
    )
    const url = await serveHere({ config })
    const transport = new StreamableHTTPClientTransport(new URL(`${typed}/mcp`), {
      authProvider: new ClientCredentialsProvider({
        clientId: 'program',
        clientSecret: 'of the program',
        expectedIssuer: issuer.url,
      }),
      // What a name server and a proxy do elsewhere.
      fetch: (to, init) => fetch(String(to).replace(typed, url.origin), init),
    })
    issuer.granted = ['data:read']
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } })
    await client.connect(transport)
    onTestFinished(() => client.close())
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(['query_database'])
    const asked = { name: 'query_database', arguments: { query: 'SELECT 1 AS one' } }
    expect((await client.callTool(asked)).structuredContent).toMatchObject({ rows: [[1]] })
    issuer.granted = ['data:read', 'data:schema']
    const { isError } = await client.callTool({ name: 'get_schema', arguments: {} })
    expect(isError ?? false).toBe(false)
    expect((await client.callTool(asked)).structuredContent).toMatchObject({ rows: [[1]] })
  },
)

test('nobody is asked to sign in for more because of a tool that their group does not have', async () => {
  const issuer = await Issuer.start()
  const folder = scratchFolder()
  makeDatabase('CREATE TABLE orders(id)', join(folder, 'shop.db'))
  const config = join(folder, 'vitrine.yaml')
  writeFileSync(
    config,
    `sources: { shop: { url: sqlite:./shop.db } }
http:
  url: ${typed}/mcp
  auth:
    jwt:
      issuer: ${issuer.url}
      audiences: [${typed}/mcp]
      scopes:
        data:read: { tools: [query_database], sources: all }
        data:schema: { tools: [get_schema], sources: all }
groups: { few: { tools: [query_database] } }
`,
  )
  const url = await serveHere({ config })
  const token = await issuer.sign({ aud: `${typed}/mcp`, scope: 'data:read' })
  const headers = { authorization: `Bearer ${token}` }
  const statusAt = async (path: string): Promise<number> =>
    (await modernCall(new URL(path, url), ['get_schema', {}], { headers })).status
  expect(await statusAt('/mcp')).toBe(403)
  expect(await statusAt('/mcp/few')).toBe(200)
})
