import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { AppError } from '../../../dist/base/error.js'
import { scratchFolder } from '../../support/scratch.ts'
import { answer, callOf, makeAudit, readRecord } from './records.ts'

const trace = '0af7651916cd43dd8448eb211c80319c'

test('a call leaves one line, which is in the file before the answer is out', async () => {
  const { gate, file } = makeAudit()
  const given = { client: 'claude 1', traceparent: `00-${trace}-b7ad6b7169203331-01` }
  await gate(callOf({ ...given, statement: "SELECT a FROM t WHERE b = 'x'" }), answer)
  expect(readRecord(file)).toEqual([
    {
      ts: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      seq: 1,
      actor: 'ana',
      client: 'claude 1',
      transport: 'http',
      tool: 'query_database',
      source: 'shop',
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      arguments: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      decision: 'allowed',
      rows: 2,
      bytes: 11,
      ms: expect.any(Number) as number,
      trace,
      replica: expect.stringMatching(new RegExp(`:${process.pid}$`)) as string,
      prev: '0'.repeat(64),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    },
  ])
})

test('the file can be read by its owner alone', async () => {
  const { gate, file } = makeAudit()
  await gate(callOf(), answer)
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test.each([
  ['statement_refused', 'refused'],
  ['rate_limited', 'refused'],
  ['query_failed', 'failed'],
  ['internal', 'failed'],
  ['cancelled', 'cancelled'],
] as const)('a call that ends in %s is on record as %s', async (code, decision) => {
  const { gate, file } = makeAudit()
  const error = new AppError(code, 'No.')
  await expect(gate(callOf(), () => Promise.reject(error))).rejects.toBe(error)
  expect(readRecord(file)).toMatchObject([{ decision, reason: code }])
})

test('the same question with other values has the same print, and no value is in a line', async () => {
  const { gate, file } = makeAudit()
  await gate(callOf({ statement: "SELECT a FROM t WHERE b = 'secret-one'" }), answer)
  await gate(callOf({ statement: "SELECT a FROM t WHERE b = 'secret-two'" }), answer)
  const [one, two] = readRecord(file)
  expect(one?.['fingerprint']).toBe(two?.['fingerprint'])
  expect(one?.['arguments']).not.toBe(two?.['arguments'])
  expect(JSON.stringify([one, two])).not.toContain('secret')
})

test('the prints of a record with a key are none that a guess can be compared with', async () => {
  const [plain, keyed] = [makeAudit(), makeAudit({ key: 'a key of the test' })]
  await Promise.all([plain, keyed].map(({ gate }) => gate(callOf(), answer)))
  const [one, other] = [plain, keyed].map(({ file }) => readRecord(file)[0])
  expect(one?.['arguments']).not.toBe(other?.['arguments'])
  expect(one?.['fingerprint']).not.toBe(other?.['fingerprint'])
})

test('statements are taken down where that is asked for, up to a length', async () => {
  const { gate, file } = makeAudit({ statements: true })
  const statement = `SELECT 'secret' ${'x'.repeat(20_000)}`
  await gate(callOf({ statement }), answer)
  const [line] = readRecord(file)
  expect(line?.['statement']).toMatch(/^SELECT 'secret' x+…$/)
  expect(String(line?.['statement']).length).toBeLessThanOrEqual(8000)
})

test('names from outside end no line, and are no longer than a line can bear', async () => {
  const { gate, record, file } = makeAudit()
  const hostile = 'a\n{"ts":"x"}\r\u2028\u2029\u0000\u001b[2J\u202e\ud800"\\'
  await gate(callOf({ actor: hostile, client: hostile + 'é'.repeat(5000) }), answer)
  record({ transport: 'http', client: hostile, address: hostile, reason: 'unauthenticated' })
  await gate(callOf(), answer)
  const lines = readRecord(file)
  expect(lines).toHaveLength(3)
  expect(lines[0]?.['actor']).toMatch(/^a\n\{"ts"/)
  expect(String(lines[0]?.['client']).length).toBeLessThanOrEqual(200)
  const { readFileSync } = await import('node:fs')
  expect(readFileSync(file, 'latin1')).toMatch(/^[\x20-\x7e\n]+$/)
})

test.each([
  '00-00000000000000000000000000000000-b7ad6b7169203331-01',
  `ff-${trace}-b7ad6b7169203331-01`,
  `00-${trace.toUpperCase()}-b7ad6b7169203331-01`,
  `00-${trace}-b7ad6b7169203331`,
  { trace },
  'x'.repeat(10_000),
])('a malformed trace is left out: %s', async (traceparent) => {
  const { gate, file } = makeAudit()
  await gate(callOf({ traceparent }), answer)
  expect(readRecord(file)[0]).not.toHaveProperty('trace')
})

test('who is turned away at the door is on record, in the same chain', async () => {
  const { gate, record, file } = makeAudit()
  record({ transport: 'http', address: '10.0.0.9', client: 'curl', reason: 'unauthenticated' })
  await gate(callOf(), answer)
  expect(readRecord(file)).toMatchObject([
    { seq: 1, address: '10.0.0.9', decision: 'refused', reason: 'unauthenticated' },
    { seq: 2, decision: 'allowed' },
  ])
})

test('strangers at the door cannot flood the record; it says how many were left out', async () => {
  const { record, close, file } = makeAudit()
  const knock = (): void => record({ transport: 'http', reason: 'unauthenticated' })
  for (let times = 0; times < 500; times++) knock()
  await new Promise((resolve) => setTimeout(resolve, 1050))
  knock()
  await close()
  const lines = readRecord(file)
  expect(lines.length).toBeLessThanOrEqual(61)
  const skipped = lines.reduce((sum, line) => sum + Number(line['skipped'] ?? 0), 0)
  expect(skipped + lines.length).toBe(501)
})

test('nothing is answered while nothing can be written, and then the count is on record', async () => {
  const { mkdirSync, rmdirSync } = await import('node:fs')
  const file = join(scratchFolder(), 'audit.jsonl')
  mkdirSync(file)
  const notes: string[] = []
  const { gate } = makeAudit({ file, note: (text) => notes.push(text) })
  let asked = 0
  const ask = () => {
    asked += 1
    return answer(callOf())
  }
  const refused = { code: 'audit_failed', message: expect.stringMatching(/on record/) as string }
  await expect(gate(callOf(), ask)).rejects.toMatchObject(refused)
  await expect(gate(callOf(), ask)).rejects.toMatchObject(refused)
  expect(asked).toBe(0)
  rmdirSync(file)
  await gate(callOf(), ask)
  expect(readRecord(file)).toMatchObject([
    { event: 'gap', missing: 2 },
    { decision: 'allowed', seq: 2 },
  ])
  expect(notes).toEqual([
    expect.stringMatching(/^The audit record cannot be written: EISDIR/),
    'The audit record is written again; 2 are missing.',
  ])
})

test('calls go on unrecorded where that is asked for, and the count is on record', async () => {
  const { mkdirSync, rmdirSync } = await import('node:fs')
  const file = join(scratchFolder(), 'audit.jsonl')
  mkdirSync(file)
  const { gate } = makeAudit({ file, whenAuditFails: 'open' })
  await gate(callOf(), answer)
  await gate(callOf(), answer)
  rmdirSync(file)
  await gate(callOf(), answer)
  expect(readRecord(file)).toMatchObject([{ event: 'gap', missing: 2 }, { decision: 'allowed' }])
})
