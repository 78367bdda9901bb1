import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { makeShop } from '../../../dist/demo/shop.js'
import { vitrine } from '../../support/command.ts'
import { scratchFolder } from '../../support/scratch.ts'

const page = readFileSync(
  fileURLToPath(new URL('../../../docs/curated-tools.md', import.meta.url)),
  'utf8',
)

/** Fenced blocks in their order. */
const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, kind, text = '']) => ({
  kind,
  text,
}))

test('the example of docs/curated-tools.md does what it says', async () => {
  const cwd = scratchFolder()
  await makeShop(join(cwd, 'shop.db'))
  const [config] = blocks.filter(({ kind }) => kind === 'yaml')
  writeFileSync(join(cwd, 'vitrine.yaml'), config?.text ?? '')
  const commands = blocks.flatMap(({ kind, text }, index) =>
    kind === 'sh' ? [{ text, next: blocks[index + 1] }] : [],
  )
  expect(commands.length).toBe(4)
  for (const { text, next } of commands) {
    const [, ...args] = text.trim().split(/\s+/)
    const { code, stdout } = await vitrine(args, { cwd })
    const shown = next?.kind === 'text' ? next.text : stdout
    expect([text, code, stdout]).toEqual([text, 0, shown])
  }
}, 60_000)
