import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { writeConfiguration } from '../../dist/clients/file.js'
import { scratchFolder } from '../support/scratch.ts'

const makeFile = (): string => {
  const path = join(scratchFolder(), 'mcp.json')
  writeFileSync(path, '0')
  return path
}

/** Writes 1, 2, 3 … each from the one before it, at the times given. */
async function writeAt(path: string, times: readonly number[]): Promise<void> {
  for (const [index, time] of times.entries()) {
    const change = { before: String(index), after: String(index + 1), now: new Date(time) }
    await writeConfiguration({ path, ...change })
  }
}

const backupsOf = (path: string): string[] =>
  readdirSync(dirname(path))
    .filter((name) => name.endsWith('.bak'))
    .toSorted()
    .map((name) => readFileSync(join(dirname(path), name), 'utf8'))

const day = 86_400_000

test('the first backup and the last five are kept', async () => {
  const path = makeFile()
  await writeAt(
    path,
    [1, 2, 3, 4, 5, 6, 7, 8, 9].map((count) => count * day),
  )
  expect(backupsOf(path)).toEqual(['0', '4', '5', '6', '7', '8'])
})

test('backups of one moment do not take each other’s place', async () => {
  const path = makeFile()
  await writeAt(path, [day, day, day])
  expect(backupsOf(path).toSorted()).toEqual(['0', '1', '2'])
})

test('a backup that a person made is never deleted', async () => {
  const path = makeFile()
  const mine = ['mcp.json.bak', 'mcp.json.mine.bak', 'mcp.json.2024.bak', 'mcp.json.0001.bak']
  for (const name of mine) writeFileSync(join(dirname(path), name), 'mine')
  await writeAt(
    path,
    [1, 2, 3, 4, 5, 6, 7, 8, 9].map((count) => count * day),
  )
  expect(readdirSync(dirname(path))).toEqual(expect.arrayContaining(mine))
})
