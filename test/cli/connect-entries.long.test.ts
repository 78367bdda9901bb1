import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { vitrine } from '../support/command.ts'
import { type Home, makeHome, readConfiguration, writeConfiguration } from '../support/home.ts'
import { makeDatabase } from '../support/scratch.ts'

/** A home whose Claude Desktop has these servers. */
function makeHomeWith(mcpServers: object): Home {
  const home = makeHome()
  writeConfiguration(home, JSON.stringify({ mcpServers }, undefined, 2))
  return home
}

describe('a name that is taken', () => {
  const entries: [string, object][] = [
    ['another server', { command: 'npx', args: ['-y', 'other', 'serve', 'x'] }],
    ['a server on the net', { url: 'https://x.example/mcp' }],
    ['a Vitrine that serves something else', { command: 'vitrine', args: ['serve', 'else.db'] }],
    ['nothing that can be read', [null]],
  ]
  test.each(entries)('by %s is left alone', async (_whose, entry) => {
    const home = makeHomeWith({ 'my-shop': entry })
    const before = readFileSync(home.file, 'utf8')
    expect(await home.connect()).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^client_config: The name my-shop is taken[^]*--name/),
    })
    expect(readFileSync(home.file, 'utf8')).toBe(before)
    expect((await home.connect({ name: 'shop' })).code).toBe(0)
    expect(readConfiguration(home.file).mcpServers).toMatchObject({ 'my-shop': entry })
  })
})

test('connecting again brings the command up to date and keeps what a person wrote', async () => {
  const home = makeHome()
  const old = { command: 'npx', args: ['-y', 'vitrine@0.0.1', 'serve', `sqlite:${home.shop}`] }
  writeConfiguration(
    home,
    JSON.stringify({ mcpServers: { 'my-shop': { ...old, env: { A: '1' }, disabled: true } } }),
  )
  expect((await home.connect()).code).toBe(0)
  expect(readConfiguration(home.file).mcpServers['my-shop']).toMatchObject({
    command: process.execPath,
    env: { A: '1' },
    disabled: true,
  })
})

test('disconnect takes out what is ours and nothing else, and names what it could', async () => {
  const home = makeHomeWith({ nothing: null, files: { command: 'npx', args: ['x', 'serve'] } })
  await home.connect()
  for (const name of ['my-shp', 'files', 'nothing']) {
    expect(await home.disconnect({ name })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/Those of Vitrine: my-shop\./),
    })
  }
  expect((await home.disconnect()).code).toBe(0)
  expect(Object.keys(readConfiguration(home.file).mcpServers)).toEqual(['nothing', 'files'])
})

test('--json tells the entry and nothing of the others', async () => {
  const home = makeHomeWith({ other: { command: 'x', env: { KEY: 'top-secret' } } })
  const { stdout } = await home.connect({ json: true })
  expect(stdout).not.toMatch(/top-secret/)
  expect(JSON.parse(stdout)).toMatchObject({ changed: true, entry: { command: process.execPath } })
})

test('variables of this shell that the config uses are copied when told, and named when not', async () => {
  const path = makeDatabase('CREATE TABLE orders(id)')
  const folder = dirname(path)
  writeFileSync(
    join(folder, 'vitrine.yaml'),
    'sources: { shop: { url: "${SHOP:-sqlite:./x.db}", description: "${ABOUT:-orders}" } }',
  )
  const options = { cwd: folder, env: { ...process.env, SHOP: `sqlite:${path}`, ABOUT: 'both' } }
  const target = './vitrine.yaml'
  const some = await vitrine(['connect', 'cursor', '--env', 'SHOP', target], options)
  expect(some.code).toBe(0)
  expect(some.stderr).toMatch(/uses ABOUT of this shell, .* To copy: --env ABOUT/)
  const both = await vitrine(
    ['connect', 'cursor', '--env', 'SHOP', '--env', 'ABOUT', target],
    options,
  )
  expect(both).toMatchObject({ code: 0, stderr: '' })
  const written = JSON.parse(readFileSync(join(folder, '.cursor', 'mcp.json'), 'utf8')) as object
  expect(written).toMatchObject({ mcpServers: { vitrine: { env: { ABOUT: 'both' } } } })
})

test('an entry that serves the database of a config whole is named, and left', async () => {
  const home = makeHome()
  await home.connect({ name: 'everything' })
  const config = join(dirname(home.shop), 'vitrine.yaml')
  writeFileSync(
    config,
    `sources: { shop: { url: './My Shop.db', columns: { orders.id: mask } } }\n`,
  )
  const connected = await home.connect({ target: config })
  expect(connected).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('vitrine disconnect claude-desktop --name everything'),
  })
  expect(Object.keys(readConfiguration(home.file).mcpServers)).toEqual(['everything', 'vitrine'])
  await home.disconnect({ name: 'everything' })
  expect((await home.connect({ target: config })).stderr).toBe('')
})
