import { expect, test } from 'vitest'
import { clientNamed } from '../../dist/clients/client.js'

const mac = { platform: 'darwin', env: {}, home: '/Users/ada', cwd: '/code/shop' } as const
const linux = { platform: 'linux', env: {}, home: '/home/ada', cwd: '/code/shop' } as const
const windows = {
  platform: 'win32',
  env: { APPDATA: '/Users/ada/AppData/Roaming' },
  home: '/Users/ada',
  cwd: '/code/shop',
} as const

test.each([
  [
    'claude-desktop',
    mac,
    false,
    '/Users/ada/Library/Application Support/Claude/claude_desktop_config.json',
  ],
  ['claude-desktop', linux, false, '/home/ada/.config/Claude/claude_desktop_config.json'],
  [
    'claude-desktop',
    { ...linux, env: { XDG_CONFIG_HOME: '/cfg' } },
    false,
    '/cfg/Claude/claude_desktop_config.json',
  ],
  [
    'claude-desktop',
    windows,
    false,
    '/Users/ada/AppData/Roaming/Claude/claude_desktop_config.json',
  ],
  ['claude-code', mac, false, '/code/shop/.mcp.json'],
  ['claude-code', linux, true, '/home/ada/.claude.json'],
  ['cursor', windows, false, '/code/shop/.cursor/mcp.json'],
  ['cursor', mac, true, '/Users/ada/.cursor/mcp.json'],
  ['vscode', linux, false, '/code/shop/.vscode/mcp.json'],
  ['vscode', mac, true, '/Users/ada/Library/Application Support/Code/User/mcp.json'],
  ['vscode', windows, true, '/Users/ada/AppData/Roaming/Code/User/mcp.json'],
])('%s reads its file where it documents it (%#)', (id, where, user, path) => {
  expect(clientNamed(id).path(where, user)).toBe(path)
})

test('what a person does next follows from which file was written', () => {
  const code = clientNamed('claude-code')
  expect([code.next(false), code.next(true)]).toEqual([
    expect.stringMatching(/in this folder/),
    expect.stringMatching(/in any folder/),
  ])
})

test('an unknown client is an error that names the nearest', () => {
  expect(() => clientNamed('claude-desktp')).toThrow(
    expect.objectContaining({
      code: 'invalid_input',
      hint: expect.stringMatching(/Did you mean "claude-desktop"\?/),
    }),
  )
})
