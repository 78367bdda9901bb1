import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { describe, expect, onTestFinished, test } from 'vitest'
import { writeConfiguration } from '../../dist/clients/file.js'
import { makeHome, readConfiguration as read } from '../support/home.ts'
import { scratchFolder } from '../support/scratch.ts'

describe('vitrine connect', () => {
  test('writes an entry that starts the server from anywhere', async () => {
    const { file, run } = makeHome()
    const { code, stdout } = await run('connect', 'claude-desktop', './My Shop.db')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^\+ {4}"my-shop": \{$/m)
    expect(stdout).toMatch(/open it again/)
    const entry = read(file).mcpServers['my-shop']
    const client = new Client({ name: 'desktop', version: '1' })
    await client.connect(
      new StdioClientTransport({
        command: entry?.command ?? '',
        args: entry?.args ?? [],
        cwd: '/',
        stderr: 'ignore',
      }),
    )
    onTestFinished(() => client.close())
    const answer = await client.callTool({
      name: 'query_database',
      arguments: { query: 'SELECT id FROM orders' },
    })
    expect(answer.structuredContent).toMatchObject({ rows: [[7]] })
  })

  test('keeps what was there, and a backup of it', async () => {
    const { file, connect } = makeHome()
    mkdirSync(dirname(file), { recursive: true })
    const before =
      '{\n    "theme": "dark",\n    "mcpServers": { "files": { "command": "npx", "args": [] } }\n}\n'
    writeFileSync(file, before)
    const { stdout } = await connect({ name: 'shop' })
    expect(Object.keys(read(file).mcpServers)).toEqual(['files', 'shop'])
    const backup = /Backup: (.+)/.exec(stdout)?.[1] ?? ''
    expect(readFileSync(backup, 'utf8')).toBe(before)
    const again = await connect({ name: 'shop' })
    expect(again.stdout).toMatch(/Nothing to change/)
    expect(readdirSync(dirname(file))).toHaveLength(2)
  })

  test('--print shows and writes nothing; --npx and --env shape the entry', async () => {
    const { home, run, shop } = makeHome()
    const { code, stdout } = await run(
      'connect',
      'vscode',
      shop,
      '--print',
      '--npx',
      '--env',
      'HOME',
      '--json',
    )
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      client: 'vscode',
      name: 'my-shop',
      path: join(dirname(shop), '.vscode', 'mcp.json'),
      changed: false,
      entry: {
        type: 'stdio',
        command: 'npx',
        args: ['-y', expect.stringMatching(/^vitrine@\d/), 'serve', `sqlite:${shop}`],
        env: { HOME: home },
      },
    })
    expect(existsSync(join(dirname(shop), '.vscode'))).toBe(false)
  })

  test.each([
    [['connect', 'claude-desktp', 'My Shop.db'], 2, /Did you mean "claude-desktop"/],
    [['connect', 'cursor', './My Shp.db'], 1, /Did you mean "My Shop\.db"/],
    [['connect', 'cursor', './My Shop.db', '--name', 'a b'], 2, /up to 40 letters/],
    [['connect', 'cursor', './My Shop.db', '--env', 'NO_SUCH_VARIABLE'], 2, /is not set here/],
  ])('%j is refused before anything is written', async (args, code, message) => {
    const { run, shop } = makeHome()
    expect(await run(...args)).toMatchObject({ code, stderr: expect.stringMatching(message) })
    expect(readdirSync(dirname(shop))).toEqual([basename(shop)])
  })

  test('a configuration that is broken is left alone', async () => {
    const { file, connect } = makeHome()
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, '{ "mcpServers": {')
    expect(await connect()).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/claude_desktop_config\.json:1:\d+ /),
    })
    expect(readFileSync(file, 'utf8')).toBe('{ "mcpServers": {')
  })

  test('a link stays a link, and its target is written', async () => {
    const { file, home, connect } = makeHome()
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(join(home, 'real.json'), '{}')
    symlinkSync(join(home, 'real.json'), file)
    await connect()
    expect(lstatSync(file).isSymbolicLink()).toBe(true)
    expect(read(join(home, 'real.json')).mcpServers).toHaveProperty('my-shop')
  })
})

describe('vitrine disconnect', () => {
  test('takes out the one entry that is ours, by itself', async () => {
    const { file, connect, disconnect } = makeHome()
    await connect()
    const { code, stdout } = await disconnect()
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^- {4}"my-shop": \{$/m),
    })
    expect(read(file)).toEqual({ mcpServers: {} })
    expect((await disconnect()).stdout).toMatch(/Nothing to change/)
  })

  test('asks which where there are several', async () => {
    const { file, connect, disconnect } = makeHome()
    await connect({ name: 'a' })
    await connect({ name: 'b' })
    expect(await disconnect()).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--name: a, b/),
    })
    await disconnect({ name: 'a' })
    expect(Object.keys(read(file).mcpServers)).toEqual(['b'])
  })
})

test('a file that changed since it was read is not overwritten', async () => {
  const path = join(scratchFolder(), 'mcp.json')
  writeFileSync(path, '{ "new": 1 }')
  const change = { path, before: '{}', after: '{ "mine": 1 }', now: new Date(0) }
  await expect(writeConfiguration(change)).rejects.toMatchObject({ code: 'client_config' })
  expect(readdirSync(dirname(path))).toEqual(['mcp.json'])
})
