import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { expect, onTestFinished, test } from 'vitest'
import type { AppError } from '../../dist/base/error.js'
import type { RowSet } from '../../dist/sources/source.js'
import type { ServedSource } from '../../dist/tools/served-source.js'
import { openTestSource, run } from '../support/open.ts'
import { makeDatabase } from '../support/scratch.ts'

/** Another process that writes pairs which cancel out, one transaction after another, and vacuums at times. */
function startWriter(path: string): ChildProcess {
  const driver = createRequire(import.meta.url).resolve('@photostructure/sqlite')
  const script = `
    const { DatabaseSync } = require(${JSON.stringify(driver)})
    const database = new DatabaseSync(${JSON.stringify(path)}, { timeout: 5000 })
    const pause = new Int32Array(new SharedArrayBuffer(4))
    for (let i = 1; ; i++) {
      database.exec('BEGIN IMMEDIATE; INSERT INTO t VALUES (' + i + '); INSERT INTO t VALUES (-' + i + '); COMMIT')
      if (i === 1) process.stdout.write('writing')
      Atomics.wait(pause, 0, 0, 2)
      if (i % 100 === 0) database.exec('DELETE FROM t; VACUUM')
    }`
  const writer = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void writer.kill('SIGKILL'))
  return writer
}

/** No rows where the writer held its lock for too long: an error that says to ask again. */
async function sumsOf(served: ServedSource): Promise<RowSet['rows']> {
  const text = 'SELECT total(a), count(*) % 2, (SELECT total(a) FROM t) FROM t'
  try {
    return (await run(served, text)).rows
  } catch (error) {
    if ((error as AppError).retryable) return []
    throw error
  }
}

test.each(['WAL', 'DELETE'])(
  'while another process writes in %s mode, every answer is of one moment',
  async (mode) => {
    const path = makeDatabase(`PRAGMA journal_mode = ${mode}; CREATE TABLE t(a)`)
    const served = await openTestSource(path)
    await run(served, 'SELECT 1')
    const writer = startWriter(path)
    await new Promise((resolve) => writer.stdout?.once('data', resolve))
    const sums: unknown[] = []
    for (let question = 0; question < 150; question++) sums.push(...(await sumsOf(served)))
    expect(sums.length).toBeGreaterThan(50)
    expect(sums).toEqual(sums.map(() => [0, 0, 0]))
    expect(writer.exitCode).toBeNull()
  },
  60_000,
)
