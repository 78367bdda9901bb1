import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { verify } from '../../../dist/edge/audit/verify.js'
import { scratchFolder } from '../../support/scratch.ts'
import { answer, callOf, makeAudit } from './records.ts'

const key = 'a key of the test'

/** The lines of a record of so many calls. */
async function makeLines(count: number): Promise<string[]> {
  const { gate, close, file } = makeAudit({ key })
  for (let index = 0; index < count; index++) {
    await gate(callOf({ actor: `caller ${index}`, client: 'ü"\n' }), answer)
  }
  await close()
  return readFileSync(file, 'latin1').split('\n').slice(0, -1)
}

async function verdict(content: string, options = {}): Promise<string> {
  const file = join(scratchFolder(), 'audit.jsonl')
  writeFileSync(file, content, 'latin1')
  const { broken, lines } = await verify({ files: [file], key, ...options })
  return broken === undefined ? `whole: ${lines}` : `${broken.line} ${broken.why}`
}

const toText = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

test('a record as it was written is whole', async () => {
  expect(await verdict(toText(await makeLines(5)))).toBe('whole: 5')
})

test('a record is whole from any line on: earlier files may be gone', async () => {
  expect(await verdict(toText((await makeLines(5)).slice(2)))).toBe('whole: 3')
})

test('any byte that is changed is found', async () => {
  const content = toText(await makeLines(4))
  const bytes = Buffer.from(content, 'latin1')
  const file = join(scratchFolder(), 'audit.jsonl')
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
      const changed = Buffer.from(bytes)
      changed[at] = ((changed[at] ?? 0) + by) % 256
      writeFileSync(file, changed)
      expect((await verify({ files: [file], key })).broken).toBeDefined()
    }),
    { numRuns: 300 },
  )
})

test('any byte that is put in or taken out is found', async () => {
  const bytes = Buffer.from(toText(await makeLines(3)), 'latin1')
  const file = join(scratchFolder(), 'audit.jsonl')
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.option(fc.nat(255)), async (at, byte) => {
      const put = byte === null ? Buffer.alloc(0) : Buffer.from([byte])
      const from = byte === null ? at + 1 : at
      writeFileSync(file, Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(from)]))
      expect((await verify({ files: [file], key })).broken).toBeDefined()
    }),
    { numRuns: 200 },
  )
})

test('it is told what was done, and where', async () => {
  const lines = await makeLines(5)
  const [one = '', two = '', three = '', four = '', five = ''] = lines
  const others = await makeLines(5)
  expect(await verdict(toText([one, two, four, five]))).toBe(
    '3 removed: 1 line is missing before it',
  )
  expect(await verdict(toText([one, two, two, three]))).toBe(
    '3 inserted: line 2 of the chain comes after 2',
  )
  expect(await verdict(toText([one, three, two, four]))).toMatch(/^2 removed/)
  expect(await verdict(toText([one, two.replace('caller 1', 'caller 7'), three]))).toBe(
    '2 changed: the hash is not that of the line',
  )
  expect(await verdict(toText([one, others[1] ?? '', three]))).toMatch(/^2 replaced/)
  expect(await verdict(toText([one, '', two]))).toMatch(/^2 changed: this is no line/)
  expect(await verdict(toText([one, two]) + three.slice(0, 50))).toMatch(/^3 torn/)
  expect(await verdict(toText([one, two]), { key: undefined })).toMatch(/^1 changed.*or the key/)
})

test('lines cut off at the end are found with a hash that is kept elsewhere', async () => {
  const lines = await makeLines(5)
  const anchor = /"hash":"(\w+)"/.exec(lines[4] ?? '')?.[1]
  expect(await verdict(toText(lines), { anchor })).toBe('whole: 5')
  expect(await verdict(toText(lines.slice(0, 3)))).toBe('whole: 3')
  expect(await verdict(toText(lines.slice(0, 3)), { anchor })).toMatch(/^3 cut/)
})

test('what is no record at all is told as such, in little memory', async () => {
  expect(await verdict('x'.repeat(20_000_000))).toMatch(/^1 torn/)
  expect(await verdict('\n')).toMatch(/^1 changed: this is no line/)
  expect(await verdict('')).toBe('whole: 0')
})
