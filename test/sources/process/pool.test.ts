import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ProcessPool } from '../../../dist/sources/process/pool.js'
import { noSignal } from '../../support/open.ts'
import { scratchFolder } from '../../support/scratch.ts'

/** Workers that open after the given time and then answer each request after the time it names. */
function openPool(startMs: number, concurrency = 1): ProcessPool {
  const program = join(scratchFolder(), 'worker.mjs')
  writeFileSync(
    program,
    `process.on('message', (ms) => setTimeout(() => process.send({ ok: true, value: ms }), ms))
     process.on('disconnect', () => process.exit())`,
  )
  const pool = new ProcessPool({
    program,
    opening: startMs,
    concurrency,
    memoryBytes: 2 ** 29,
    cpuSeconds: 60,
  })
  onTestFinished(() => pool.close())
  return pool
}

const ask = (pool: ProcessPool, ms: number, timeoutMs: number): Promise<unknown> =>
  pool.run({ timeoutMs, signal: noSignal, request: () => ms }).catch(codeOf)

const codeOf = (error: unknown): string => (error as { code: string }).code

test('a statement has its whole time although its worker took longer than that to start', async () => {
  const pool = openPool(1200)
  expect(await ask(pool, 100, 800)).toBe(100)
})

test('a worker that starts for a statement does not give it more time to run', async () => {
  const pool = openPool(1000)
  expect(await ask(pool, 20_000, 500)).toBe('timed_out')
  expect(await ask(pool, 1, 500)).toBe(1)
})

test('time in line behind other statements is the time of the statement', async () => {
  const pool = openPool(1)
  expect(await ask(pool, 1, 5000)).toBe(1)
  const long = ask(pool, 20_000, 1500)
  expect(await ask(pool, 1, 300)).toBe('too_busy')
  expect(await long).toBe('timed_out')
})
