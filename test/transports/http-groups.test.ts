import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { expect, onTestFinished, test } from 'vitest'
import { shared } from '../support/shared.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { vitrine } from '../support/command.ts'
import { refuseToServe } from '../support/command-here.ts'
import { modernCall } from '../support/http-server.ts'
import { serveHere } from '../support/serve-here.ts'
import { serverCommand } from '../support/serve.ts'

const groups = `groups:
  readers: { tools: [get_schema] }
  analysts: { tools: all, sources: [shop] }
`

function writeConfig(folder: string, more = groups): string {
  const database = makeDatabase('CREATE TABLE orders (id INTEGER)', join(folder, 'shop.db'))
  const path = join(folder, 'vitrine.yaml')
  writeFileSync(
    path,
    `sources:\n  shop: { url: 'sqlite:${database}' }\n  other: { url: 'sqlite:${database}' }\n${more}`,
  )
  return path
}

const shareServer = shared((_: 'server', whenDone) =>
  serveHere({ config: writeConfig(scratchFolder(whenDone)) }, whenDone),
)

async function toolsAt(path: string): Promise<string[]> {
  const url = await shareServer('server')
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(new StreamableHTTPClientTransport(new URL(path, url)))
  onTestFinished(() => client.close())
  const { tools } = await client.listTools()
  return tools.map(({ name }) => name)
}

test('a group is served at a path of its own, and everything at the path of all', async () => {
  expect(await toolsAt('/mcp/readers')).toEqual(['get_schema'])
  expect(await toolsAt('/mcp')).toContain('query_database')
  expect(await toolsAt('/mcp/analysts')).toContain('query_database')
})

test('what is not in the group cannot be called there', async () => {
  const url = await shareServer('server')
  const call = async (path: string): Promise<string> => {
    const response = await modernCall(new URL(path, url), [
      'query_database',
      { query: 'SELECT 1', source: 'shop' },
    ])
    return response.text()
  }
  expect(await call('/mcp/readers')).toMatch(/There is no tool query_database/)
  expect(await call('/mcp/analysts')).toMatch(/"rows":\[\[1\]\]/)
})

test('a source that is not of the group is not there', async () => {
  const url = await shareServer('server')
  const response = await modernCall(new URL('/mcp/analysts', url), [
    'query_database',
    { query: 'SELECT 1', source: 'other' },
  ])
  expect(await response.text()).toMatch(/There is no source other/)
})

test('the tools of a group are there as plain JSON, and an unknown group is nowhere', async () => {
  const url = await shareServer('server')
  const listed = (await (await fetch(new URL('/tools/readers', url))).json()) as {
    tools: unknown[]
  }
  expect(listed.tools).toMatchObject([{ name: 'get_schema' }])
  for (const path of ['/mcp/writers', '/tools/writers', '/mcp/readers/'])
    expect((await fetch(new URL(path, url))).status).toBe(404)
})

test('over stdio one group is served', async () => {
  const { command, args } = serverCommand(writeConfig(scratchFolder()))
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(new StdioClientTransport({ command, args: [...args, '--group', 'readers'] }))
  onTestFinished(() => client.close())
  expect((await client.listTools()).tools).toMatchObject([{ name: 'get_schema' }])
  expect(client.getInstructions()).not.toMatch(/query_database/)
})

test.each([
  ['--group', 'reader', /There is no group reader.*Did you mean "readers"/s],
  ['--http=127.0.0.1:0', '--group=readers', /each at a path of its own.*\/mcp\/readers/s],
])('%s %s is refused', async (one, other, message) => {
  const { code, stderr } = await vitrine(['serve', writeConfig(scratchFolder()), one, other])
  expect(code).toBe(2)
  expect(stderr).toMatch(message)
})

test.each([
  [
    'groups: { readers: { tools: [get_shema] } }',
    /groups\.readers\.tools: there is no tool get_shema.*Did you mean "get_schema"/s,
  ],
  [
    'groups: { readers: { tools: all, sources: [shp] } }',
    /expected the name of a source. Did you mean "shop"/,
  ],
  ['groups: { Readers: { tools: all } }', /a group is named/],
])('a group of what is not there is refused: %s', async (yaml, message) => {
  const { code, stderr } = await refuseToServe(writeConfig(scratchFolder(), yaml))
  expect(code).toBe(2)
  expect(stderr).toMatch(message)
})
