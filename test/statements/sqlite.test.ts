import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { openTestSource, outcome } from '../support/open.ts'
import { glue } from './glue.ts'
import { honest, hostile, shopSql } from './sqlite.ts'

/** Every file of the database's folder, with what is in it. */
const stateOf = (path: string): string[] =>
  readdirSync(dirname(path)).map(
    (name) =>
      `${name} ${createHash('sha256')
        .update(readFileSync(join(dirname(path), name)))
        .digest('hex')}`,
  )

function makeShop(): string {
  const path = makeDatabase(shopSql)
  makeDatabase(
    "CREATE TABLE secret(a); INSERT INTO secret VALUES ('canary')",
    join(dirname(path), 'other.db'),
  )
  return path
}

test('every hostile statement is refused and leaves no trace', async () => {
  const path = makeShop()
  const before = stateOf(path)
  const served = await openTestSource(path)
  for (const text of hostile) {
    const result = await outcome(served, text.replaceAll('{{folder}}', dirname(path)))
    expect({ text, result }).toEqual({ text, result: expect.stringMatching(/^[a-z_]+$/) })
    expect({ text, state: stateOf(path) }).toEqual({ text, state: before })
  }
  expect(await outcome(served, 'PRAGMA query_only')).toEqual([[1]])
  expect(await outcome(served, 'SELECT count(*) FROM orders')).toEqual([[3]])
})

test('every honest statement is answered', async () => {
  const served = await openTestSource(makeShop())
  for (const text of honest) {
    expect({ text, result: await outcome(served, text) }).toEqual({
      text,
      result: expect.any(Array),
    })
  }
})

describe('whatever is sent', () => {
  const words = [...hostile, ...honest].flatMap((text) => text.split(/(?<=\s)|(?=[;(),'"])/))

  test('the file stays the same, and the next question is answered', async () => {
    const path = makeShop()
    const before = stateOf(path)
    const served = await openTestSource(path, { limits: { timeoutMs: 1000 } })
    const soup = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(soup, async (parts) => {
        const text = parts.join(' ').replaceAll('{{folder}}', dirname(path))
        expect(await outcome(served, text)).not.toBe('internal')
        expect(stateOf(path)).toEqual(before)
      }),
      { numRuns: 400 },
    )
    expect(await outcome(served, 'SELECT count(*) FROM orders')).toEqual([[3]])
  })

  test('two statements glued together by anything never both run', async () => {
    const path = makeShop()
    const before = stateOf(path)
    const served = await openTestSource(path)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...honest),
        fc.constantFrom(...glue),
        fc.constantFrom(...hostile),
        async (one, between, other) => {
          await outcome(served, `${one}${between}${other}`.replaceAll('{{folder}}', dirname(path)))
          expect(stateOf(path)).toEqual(before)
        },
      ),
      { numRuns: 200 },
    )
  })
})

test('an empty folder stays empty', async () => {
  const folder = scratchFolder()
  const served = await openTestSource(join(folder, 'none.db'))
  for (const text of hostile.slice(0, 20)) await outcome(served, text)
  expect(readdirSync(folder)).toEqual([])
})
