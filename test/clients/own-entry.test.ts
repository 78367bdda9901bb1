import { expect, test } from 'vitest'
import { servedBy } from '../../dist/clients/own-entry.js'

const own = { command: '/usr/bin/node', args: ['/srv/glass/cli/main.js'] }

test.each([
  [{ command: '/usr/bin/node', args: ['/opt/vitrine/dist/cli/main.js', 'serve', 'x.db'] }],
  [{ command: 'node', args: ['C:\\code\\vitrine-2\\dist\\cli\\main.js', 'serve', 'x.db'] }],
  [{ command: 'node', args: ['/usr/lib/node_modules/vitrine/dist/cli/main.js', 'serve', 'x.db'] }],
  [{ command: 'npx', args: ['-y', 'vitrine@0.1.0', 'serve', 'x.db'] }],
  [{ command: 'cmd', args: ['/c', 'npx', '-y', 'vitrine', 'serve', 'x.db'] }],
  [{ command: '/usr/local/bin/vitrine', args: ['serve', 'x.db'] }],
  [{ command: 'vitrine', args: ['serve', 'x.db'] }],
  [{ command: '/other/node', args: [...own.args, 'serve', 'x.db'] }],
])('%j is ours, and serves x.db', (entry) => {
  expect(servedBy(entry, own)).toBe('x.db')
})

test.each([
  [{ command: 'npx', args: ['-y', 'other-server', 'serve', 'x.db'] }],
  [{ command: 'node', args: ['/opt/other/dist/cli/main.js', 'serve', 'x.db'] }],
  [{ command: 'node', args: ['/opt/vitrine/dist/cli/main.js', 'doctor'] }],
  [{ command: 'serve', args: ['x.db'] }],
  [{ command: 'vitrine' }],
  [{ url: 'https://x.example/mcp' }],
  [null],
  ['text'],
  [{ command: 7, args: {} }],
])('%j is somebody else’s', (entry) => {
  expect(servedBy(entry, own)).toBeUndefined()
})
