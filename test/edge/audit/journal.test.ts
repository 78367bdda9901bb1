import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { toChains } from '../../../dist/edge/audit/rotated-files.js'
import { verify } from '../../../dist/edge/audit/verify.js'
import { scratchFolder } from '../../support/scratch.ts'
import { answer, callOf, makeAudit, readRecord } from './records.ts'

async function verifyAll(file: string): Promise<{ broken: unknown; lines: number }> {
  const [files = []] = await toChains([file])
  return verify({ files, key: undefined })
}

/** So many calls, one after the other, by a process that then ends. */
async function write(file: string, count: number, options = {}): Promise<void> {
  const { gate, close } = makeAudit({ file, ...options })
  for (let index = 0; index < count; index++) await gate(callOf(), answer)
  await close()
}

const makeFile = (): string => join(scratchFolder(), 'audit.jsonl')

test('calls at once are written in order, each once', async () => {
  const { gate, file } = makeAudit()
  await Promise.all(Array.from({ length: 500 }, () => gate(callOf(), answer)))
  expect(readRecord(file).map((line) => line['seq'])).toEqual(
    Array.from({ length: 500 }, (_, index) => index + 1),
  )
  expect(await verifyAll(file)).toMatchObject({ broken: undefined, lines: 500 })
})

test('a process that starts again goes on with the chain', async () => {
  const file = makeFile()
  await write(file, 3)
  await write(file, 3)
  expect(await verifyAll(file)).toMatchObject({ broken: undefined, lines: 6 })
  expect(existsSync(`${file}.lock`)).toBe(false)
})

test('the chain goes on over the files that are rotated out, and so many are kept', async () => {
  const file = makeFile()
  await write(file, 100, { rotateBytes: 10_000, keep: 2 })
  await write(file, 100, { rotateBytes: 10_000, keep: 2 })
  const names = readdirSync(dirname(file))
  expect(names).toHaveLength(3)
  const { broken, lines } = await verifyAll(file)
  expect(broken).toBeUndefined()
  expect(lines).toBeGreaterThan(30)
  expect(readRecord(file).at(-1)).toMatchObject({ seq: 200 })
})

test('a process that starts after a rotation goes on with the chain of the last file', async () => {
  const file = makeFile()
  await write(file, 3)
  renameSync(file, `${file}.1`)
  await write(file, 1)
  expect(await verifyAll(file)).toMatchObject({ broken: undefined, lines: 4 })
})

test('a line that a crash has torn is taken out, and that is on record', async () => {
  const file = makeFile()
  await write(file, 3)
  truncateSync(file, readFileSync(file).length - 20)
  await write(file, 1)
  expect(readRecord(file)).toMatchObject([
    { seq: 1 },
    { seq: 2 },
    { seq: 3, event: 'torn', bytes: expect.any(Number) as number },
    { seq: 4, decision: 'allowed' },
  ])
  expect(await verifyAll(file)).toMatchObject({ broken: undefined })
})

test('the very first line may be torn', async () => {
  const file = makeFile()
  writeFileSync(file, '{"ts":"2026-')
  await write(file, 1)
  expect(readRecord(file)).toMatchObject([{ event: 'torn', bytes: 12 }, { decision: 'allowed' }])
})

test.each(['sources: {}\n', 'no line at all', '{"ts":"x"}\n'])(
  'a file that holds something else is not touched: %j',
  async (content) => {
    const file = makeFile()
    writeFileSync(file, content)
    const { gate } = makeAudit({ file })
    await expect(gate(callOf(), answer)).rejects.toMatchObject({ code: 'audit_failed' })
    expect(readFileSync(file, 'utf8')).toBe(content)
  },
)

test('a second process writes to a file of its own, with a chain of its own', async () => {
  const file = makeFile()
  const [one, other] = [makeAudit({ file }), makeAudit({ file })]
  await one.gate(callOf({ actor: 'one' }), answer)
  await other.gate(callOf({ actor: 'other' }), answer)
  await one.gate(callOf({ actor: 'one' }), answer)
  expect(readRecord(file).map((line) => line['actor'])).toEqual(['one', 'one'])
  const second = join(dirname(file), 'audit.2.jsonl')
  expect(readRecord(second)).toMatchObject([{ actor: 'other', seq: 1 }])
})

test('the lock of a process that has died is taken over', async () => {
  const file = makeFile()
  const { hostname } = await import('node:os')
  const { spawnSync } = await import('node:child_process')
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  writeFileSync(`${file}.lock`, `${hostname()}:${pid}:1`)
  await write(file, 1)
  expect(readRecord(file)).toHaveLength(1)
})

test('of many processes that find the lock of a dead one each has a file of its own', async () => {
  const file = makeFile()
  const { hostname } = await import('node:os')
  const { spawn, spawnSync } = await import('node:child_process')
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  writeFileSync(`${file}.lock`, `${hostname()}:${pid}:1`)
  const module = new URL('../../../dist/edge/audit/file-lock.js', import.meta.url)
  const code = `
    const { lockFile } = await import(${JSON.stringify(module.href)})
    process.stdout.write((await lockFile(${JSON.stringify(file)})).path + '\\n')
    process.stdin.resume()`
  const holders = Array.from({ length: 6 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', code]),
  )
  onTestFinished(() => holders.forEach((holder) => holder.kill('SIGKILL')))
  const paths = await Promise.all(
    holders.map(({ stdout }) => new Promise((resolve) => stdout.once('data', resolve))),
  )
  expect(new Set(paths.map(String)).size).toBe(6)
})

test('a file that was moved away is followed by a new one in the same chain', async () => {
  const { gate, file } = makeAudit()
  await gate(callOf(), answer)
  renameSync(file, `${file}.1`)
  await gate(callOf(), answer)
  expect(readRecord(file)).toMatchObject([{ seq: 2 }])
  expect(await verifyAll(file)).toMatchObject({ broken: undefined, lines: 2 })
})

test('the files that a person names are put together into chains, each in its order', async () => {
  const folder = scratchFolder()
  const at = (name: string): string => join(folder, name)
  for (const name of ['a.jsonl', 'a.jsonl.9', 'a.jsonl.10', 'a.2.jsonl', 'a.jsonl.lock']) {
    writeFileSync(at(name), '')
  }
  const whole = [at('a.jsonl.9'), at('a.jsonl.10'), at('a.jsonl')]
  expect(await toChains([at('a.jsonl')])).toEqual([whole])
  expect(await toChains([at('a.jsonl'), at('a.jsonl.10')])).toEqual([whole])
  expect(await toChains([at('a.jsonl.10'), at('a.jsonl.9')])).toEqual([whole.slice(0, 2)])
  expect(await toChains([at('a.jsonl'), at('a.2.jsonl')])).toEqual([whole, [at('a.2.jsonl')]])
})

test('what another hand appends is found', async () => {
  const { gate, file } = makeAudit()
  await gate(callOf(), answer)
  appendFileSync(file, readFileSync(file))
  await gate(callOf(), answer)
  expect((await verifyAll(file)).broken).toMatchObject({ line: 2 })
})
