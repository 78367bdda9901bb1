import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { openWritingApp } from '../support/writing.ts'

const page = readFileSync(fileURLToPath(new URL('../../docs/writing.md', import.meta.url)), 'utf8')

const blockOf = (kind: string): string =>
  new RegExp(`\`\`\`${kind}\n([^\`]+)\`\`\``).exec(page)?.[1] ?? ''

function makeShop(): string {
  const folder = scratchFolder()
  writeFileSync(join(folder, 'vitrine.yaml'), blockOf('yaml'))
  makeDatabase(
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, status TEXT); INSERT INTO orders VALUES (42, 'paid')",
    join(folder, 'shop.db'),
  )
  return folder
}

test('the example of the page asks in the words of the page', async () => {
  const { call } = await openWritingApp(join(makeShop(), 'vitrine.yaml'))
  const { question } = await call('set_order_status', { order_id: 42, status: 'shipped' })
  expect(`${question?.text}\n`).toBe(blockOf('text'))
})
