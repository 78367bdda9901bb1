import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { hasPostgres, makePostgres } from '../support/postgres.ts'

const script = fileURLToPath(new URL('../../examples/company/check.js', import.meta.url))

const run = (args: readonly string[]): Promise<{ code: number; text: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), text: stdout + stderr }),
    )
  })

test('the example of a company checks itself: two databases, an API, a chat', async () => {
  const args = hasPostgres ? [(await makePostgres('SELECT 1')).url()] : []
  const { code, text } = await run(args)
  expect({ code, text }).toMatchObject({ code: 0 })
  expect(text).toMatch(/All is as it should be\.\n$/)
  expect(text.match(/✓ open_tickets/g)?.length ?? 0).toBe(hasPostgres ? 1 : 0)
}, 60_000)
