import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { vitrine } from '../support/command.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(join(root, 'docs/library.md'), 'utf8')

/** The files that the page shows, in a folder where the package is installed. */
function writeFiles(): string {
  const folder = scratchFolder()
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules/vitrine'))
  symlinkSync(join(root, 'node_modules/zod'), join(folder, 'node_modules/zod'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  for (const [, text = '', name = ''] of page.matchAll(
    /```\w+\n((?:\/\/|#) (\S+)\n[^`]*(?:`[^`]+`[^`]*)*?)```\n/g,
  ))
    writeFileSync(join(folder, name), text)
  makeDatabase(
    'CREATE TABLE orders (id INTEGER, total_cents INTEGER); INSERT INTO orders VALUES (1, 2000), (2, 5)',
    join(folder, 'shop.db'),
  )
  return folder
}

test('the program that the page shows prints what the page shows', () => {
  const cwd = writeFiles()
  const printed = execFileSync(process.execPath, ['ask.js'], { cwd, encoding: 'utf8' })
  expect(page).toContain(`\`\`\`\n${printed}\`\`\``)
})

test('the config that the page shows is right', async () => {
  const { code, stdout } = await vitrine(['check'], { cwd: writeFiles() })
  expect({ code, stdout }).toMatchObject({ code: 0 })
})
