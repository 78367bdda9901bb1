import { execFileSync } from 'node:child_process'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scratchFolder } from '../support/scratch.ts'

const program = `
  const { createAnthropicProvider } = await import('./agent/anthropic.js')
  const { startFakeMessagesApi } = await import('./testing/messages-api/index.js')
  const api = await startFakeMessagesApi([])
  const provider = createAnthropicProvider({ model: 'm', baseURL: api.url })
  const ask = { tools: [], messages: [], maxTokens: 1, toolChoice: 'auto' }
  const failure = await provider.ask(ask, { onText() {} }, new AbortController().signal).catch((error) => error)
  const { code, message, hint } = failure
  await api.close()
  process.stdout.write(JSON.stringify({ code, message, hint }))`

test('without the SDK the fake works, and the agent says what installs it', () => {
  const folder = scratchFolder()
  for (const room of ['base', 'agent', 'testing'])
    cpSync(join('dist', room), join(folder, room), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  const options = { cwd: folder, encoding: 'utf8', timeout: 20_000 } as const
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', program], options)
  expect(JSON.parse(said)).toEqual({
    code: 'config_invalid',
    message: 'The agent needs the package @anthropic-ai/sdk.',
    hint: 'Install it beside vitrine: npm install @anthropic-ai/sdk@1',
  })
})
