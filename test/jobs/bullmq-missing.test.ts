import { execFileSync } from 'node:child_process'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scratchFolder } from '../support/scratch.ts'

const program = `
  const { createBullmqStore } = await import('./jobs/bullmq-store.js')
  const options = { url: 'redis://127.0.0.1', keyPrefix: 'vitrine', mostBytes: 1 }
  const { code, message, hint } = await createBullmqStore(options).catch((error) => error)
  process.stdout.write(JSON.stringify({ code, message, hint }))`

test('where BullMQ is not installed, that is said, with what installs it', () => {
  const folder = scratchFolder()
  for (const room of ['base', 'jobs'])
    cpSync(join('dist', room), join(folder, room), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  const options = { cwd: folder, encoding: 'utf8', timeout: 20_000 } as const
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', program], options)
  expect(JSON.parse(said)).toEqual({
    code: 'config_invalid',
    message: 'Jobs in Redis or PostgreSQL need the package bullmq.',
    hint: 'Install it beside vitrine: npm install bullmq@6.7',
  })
})
