import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { expect, onTestFinished, test } from 'vitest'
import { refuseToServe, runHere } from '../support/command-here.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { serverCommand } from '../support/serve.ts'

const library = new URL('../../dist/library/index.js', import.meta.url).href
const zod = import.meta.resolve('zod')

const doubling = `import { defineTool } from '${library}'
import { z } from '${zod}'
export const double = defineTool({
  name: 'double',
  description: 'Doubles a number.',
  input: z.object({ number: z.number() }),
  run: async ({ number }) => ({ number: number * 2 }),
})`

function writeConfig(
  modules: Readonly<Record<string, string>>,
  listed = Object.keys(modules),
): string {
  const folder = scratchFolder()
  makeDatabase('CREATE TABLE orders (id INTEGER)', join(folder, 'shop.db'))
  for (const [name, text] of Object.entries(modules)) writeFileSync(join(folder, name), text)
  const path = join(folder, 'vitrine.yaml')
  const names = listed.map((name) => `./${name}`).join(', ')
  writeFileSync(path, `sources: { shop: { url: sqlite:./shop.db } }\nmodules: [${names}]\n`)
  return path
}

test('tools of a module are served beside the others', async () => {
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(
    new StdioClientTransport(serverCommand(writeConfig({ 'double.mjs': doubling }))),
  )
  onTestFinished(() => client.close())
  const { structuredContent } = await client.callTool({ name: 'double', arguments: { number: 21 } })
  expect(structuredContent).toEqual({ number: 42 })
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain('query_database')
})

test.each([
  [{ 'none.mjs': 'export const answer = 42' }, undefined, /It exports no tool/],
  [
    { 'broken.mjs': 'export const = 1' },
    undefined,
    /broken\.mjs: It cannot be loaded: SyntaxError/,
  ],
  [{}, ['away.mjs'], /away\.mjs: There is no such file/],
  [{ 'a.mjs': doubling, 'b.mjs': doubling }, undefined, /two tools called double/],
])(
  'a module that gives no tool ends the start, with the reason',
  async (modules, listed, message) => {
    const { code, stderr } = await refuseToServe(writeConfig(modules, listed))
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  },
)

test('a person with a token for a tool of a module names it like any', async () => {
  const config = writeConfig({ 'double.mjs': doubling })
  const file = join(scratchFolder(), 'tokens.yaml')
  const flags = ['--name', 'ana', '--sources', 'all', '--file', file]
  expect((await runHere(['token', 'create', config, ...flags, '--tools', 'double'])).code).toBe(0)
})
