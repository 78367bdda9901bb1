import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { folderState, makeDuckdb, openDuckdb } from '../support/duckdb.ts'
import { outcome } from '../support/open.ts'
import { duckdbShop, hostile } from './duckdb.ts'
import { glue } from './glue.ts'
import { honest } from './duckdb-honest.ts'

async function makeShop(): Promise<{ path: string; folder: string }> {
  const path = await makeDuckdb(duckdbShop)
  const folder = dirname(path)
  writeFileSync(join(folder, 'secret.csv'), 'id,v\n1,canary\n')
  writeFileSync(join(folder, 'secret.json'), '[{"v":"canary"}]')
  return { path, folder }
}

const fill = (text: string, { path, folder }: { path: string; folder: string }): string =>
  text.replaceAll('{{folder}}', folder).replaceAll('{{file}}', path)

test('every hostile statement is refused and leaves no trace', async () => {
  const shop = await makeShop()
  const before = folderState(shop.folder)
  const served = await openDuckdb(shop.path)
  for (const text of hostile) {
    const result = await outcome(served, fill(text, shop))
    expect({ text, result }).toEqual({ text, result: expect.stringMatching(/^[a-z_]+$/) })
    expect({ text, result }).not.toEqual({ text, result: 'internal' })
    expect({ text, state: folderState(shop.folder) }).toEqual({ text, state: before })
  }
  expect(await outcome(served, 'SELECT count(*) FROM orders')).toEqual([[3]])
  expect(hostile.length).toBeGreaterThan(60)
}, 30_000)

test('every honest statement is answered', async () => {
  const shop = await makeShop()
  const served = await openDuckdb(shop.path)
  for (const text of honest) {
    expect({ text, result: await outcome(served, text) }).toEqual({
      text,
      result: expect.any(Array),
    })
  }
  expect(honest.length).toBeGreaterThan(60)
}, 30_000)

test('whatever is sent, the files stay the same and the next question is answered', async () => {
  const shop = await makeShop()
  const before = folderState(shop.folder)
  const served = await openDuckdb(shop.path, { limits: { timeoutMs: 1000 } })
  const words = [...hostile, ...honest].flatMap((text) => text.split(/(?<=\s)|(?=[;(),'"])/))
  const soup = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(soup, async (parts) => {
      expect(await outcome(served, fill(parts.join(' '), shop))).not.toBe('internal')
    }),
    { numRuns: 100 },
  )
  expect(folderState(shop.folder)).toBe(before)
  expect(await outcome(served, 'SELECT count(*) FROM orders')).toEqual([[3]])
}, 30_000)

test('two statements glued together by anything never both run', async () => {
  const shop = await makeShop()
  const before = folderState(shop.folder)
  const served = await openDuckdb(shop.path)
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...honest),
      fc.constantFrom(...glue),
      fc.constantFrom(...hostile),
      async (one, between, other) => {
        await outcome(served, fill(`${one}${between}${other}`, shop))
      },
    ),
    { numRuns: 50 },
  )
  expect(folderState(shop.folder)).toBe(before)
}, 30_000)
