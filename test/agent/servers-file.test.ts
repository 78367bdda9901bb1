import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readServersFile } from '../../dist/agent/index.js'
import { scratchFolder } from '../support/scratch.ts'

const env = { TOKEN: 'secret', EMPTY: '' }

function read(text: string) {
  const path = join(scratchFolder(), '.mcp.json')
  writeFileSync(path, text)
  return readServersFile(path, env)
}

test('a file of Claude Desktop or Claude Code is read as they read it', async () => {
  const servers = await read(`{
    // with comments, and what only others know
    "theme": "dark",
    "mcpServers": {
      "files": { "command": "npx", "args": ["-y", "x"], "env": { "A": "\${TOKEN}" }, "type": "stdio" },
      "crm": { "type": "http", "url": "https://\${HOST:-crm.example}/mcp", "headers": { "authorization": "Bearer \${TOKEN}" } },
    },
  }`)
  expect(servers).toEqual([
    {
      name: 'files',
      reach: { kind: 'stdio', command: 'npx', args: ['-y', 'x'], env: { A: 'secret' } },
    },
    {
      name: 'crm',
      reach: {
        kind: 'http',
        url: 'https://crm.example/mcp',
        headers: { authorization: 'Bearer secret' },
      },
    },
  ])
})

test('a file of servers cannot say that a server is to be trusted', async () => {
  const [server] = await read(
    '{"mcpServers":{"a":{"command":"x","trusted":true,"facts":{"readOnly":true},"tools":{"b":{"readOnly":true}}}}}',
  )
  expect(server).toEqual({ name: 'a', reach: { kind: 'stdio', command: 'x', args: [], env: {} } })
})

test.each([
  ['{', /no JSON/],
  ['{"servers":{}}', /mcpServers/],
  ['{"mcpServers":{"a":{}}}', /server a needs a command or a URL/],
  ['{"mcpServers":{"a":{"url":"file:///etc/passwd"}}}', /server a needs/],
  ['{"mcpServers":{"a":{"command":"${NOT_SET}"}}}', /variable NOT_SET/],
])('%s is refused with what is wrong', async (text, message) => {
  await expect(read(text)).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringMatching(message),
  })
})

test('what a variable holds is filled in as it is, and not filled in again', async () => {
  const [server] = await readServersFile(
    (() => {
      const path = join(scratchFolder(), '.mcp.json')
      writeFileSync(path, '{"mcpServers":{"a":{"command":"x","args":["${QUOTE}"]}}}')
      return path
    })(),
    { QUOTE: '"${TOKEN}\\' },
  )
  expect(server?.reach).toMatchObject({ args: ['"${TOKEN}\\'] })
})
