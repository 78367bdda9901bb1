import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { findFiles } from '../../dist/resources/files/find-files.js'
import { type FileChange, watchFiles } from '../../dist/resources/files/watch-files.js'
import { makeFiles } from '../support/offers.ts'

const isMarkdown = (path: string): boolean => path.endsWith('.md')

/** What is told of a folder, from when the first look at it has ended. */
async function watchFolder(folder: string): Promise<FileChange[]> {
  const told: FileChange[] = []
  let looks = 0
  const find = async () => {
    looks += 1
    return findFiles(folder, isMarkdown)
  }
  onTestFinished(watchFiles({ folder, find, tell: (change) => void told.push(change) }))
  await vi.waitFor(() => expect(looks).toBeGreaterThan(0), { timeout: 10_000 })
  // The stamps of the first look are taken after its list.
  await vi.waitFor(
    () => {
      writeFileSync(join(folder, 'first.md'), String(told.length) + performance.now())
      expect(told).not.toEqual([])
    },
    { timeout: 20_000, interval: 300 },
  )
  told.splice(0)
  return told
}

test('a file is told of that is written again and again without a pause', async () => {
  const folder = makeFiles({ 'a.md': '' })
  const told = await watchFolder(folder)
  const writing = setInterval(
    () => writeFileSync(join(folder, 'a.md'), String(performance.now())),
    20,
  )
  onTestFinished(() => clearInterval(writing))
  await vi.waitFor(() => expect(told).toContainEqual({ path: 'a.md' }), { timeout: 20_000 })
})

test('files that come and go change the list, others and hidden ones do not', async () => {
  const folder = makeFiles({ 'a.md': '', 'sub/b.md': '' })
  const told = await watchFolder(folder)
  writeFileSync(join(folder, 'c.txt'), '')
  writeFileSync(join(folder, '.hidden.md'), '')
  rmSync(join(folder, 'sub/b.md'))
  await vi.waitFor(() => expect(told).toContainEqual({ path: 'sub/b.md' }), { timeout: 20_000 })
  expect(told).toContain('list')
  expect(JSON.stringify(told)).not.toMatch(/hidden|c\.txt/)
})

test('a folder that is replaced as a whole is told of', async () => {
  const folder = makeFiles({ 'docs/a.md': 'one' })
  const told = await watchFolder(join(folder, 'docs'))
  rmSync(join(folder, 'docs'), { recursive: true })
  makeFiles({ 'docs/a.md': 'another', 'docs/b.md': '' }, folder)
  await vi.waitFor(() => expect(told).toContainEqual({ path: 'b.md' }), { timeout: 25_000 })
})
