/** Says once what is left out (`globalSetup` of vitest). */
import { readdirSync } from 'node:fs'

export default function setup(): void {
  if (process.env['VITRINE_TEST_LONG'] === '1') return
  const files = readdirSync('test', { recursive: true }).map(String)
  const left = files.filter((file) => file.endsWith('.long.test.ts')).length
  process.stdout.write(`${left} files of long tests are left out: npm run test:long\n`)
}
