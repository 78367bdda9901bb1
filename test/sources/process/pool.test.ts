import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ProcessPool } from '../../../dist/sources/process/pool.js'
import { noSignal } from '../../support/open.ts'
import { scratchFolder } from '../../support/scratch.ts'

/** What a worker of these tests is asked: to be at work for so long, or to die of it. */
interface Work {
  readonly ms?: number | undefined
  readonly dies?: boolean | undefined
}

interface Asked extends Work {
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  readonly onProgress?: () => void
  /** Told of each request that is made for a worker. */
  readonly onRequest?: () => void
}

const answers = new URL('../../../dist/sources/process/answer-requests.js', import.meta.url)

/** Workers that open after the given time, are blocked as by a computation, and answer with their pid. */
function openPool(startMs: number, concurrency = 1): (work: Asked) => Promise<unknown> {
  const program = join(scratchFolder(), 'worker.mjs')
  writeFileSync(
    program,
    `import { answerRequests } from '${answers.href}'
     answerRequests(({ ms = 0, dies }) => {
       if (dies) process.kill(process.pid, 'SIGKILL')
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
       return process.pid
     }, (error) => error)`,
  )
  const opening: Work = { ms: startMs }
  const pool = new ProcessPool({
    program,
    opening,
    concurrency,
    memoryBytes: 2 ** 29,
    cpuSeconds: 60,
  })
  onTestFinished(() => pool.close())
  return ({ ms, dies, timeoutMs = 5000, signal = noSignal, onProgress, onRequest }) => {
    const request = (): Work => {
      onRequest?.()
      return { ms, dies }
    }
    return pool
      .run({ timeoutMs, signal, onProgress, request })
      .catch((error: { code: string }) => error.code)
  }
}

/** A pool whose only worker is known to be quick. */
async function openQuickPool(concurrency = 1): Promise<ReturnType<typeof openPool>> {
  const ask = openPool(0, concurrency)
  for (let asked = 0; asked < 50; asked++) await ask({})
  return ask
}

const together = <T>(count: number, ask: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, ask))

test('a statement has its whole time although its worker took longer than that to start', async () => {
  const ask = openPool(1200)
  expect(await ask({ ms: 100, timeoutMs: 800 })).toEqual(expect.any(Number))
})

test('so have those that waited for the same worker', async () => {
  const ask = openPool(600)
  const [first, ...others] = await Promise.all([1, 2, 3].map(() => ask({ timeoutMs: 300 })))
  expect(first).toBeGreaterThan(0)
  expect(others).toEqual([first, first])
})

test('a worker that starts for a statement does not give it more time to run', async () => {
  const ask = openPool(1000)
  expect(await ask({ ms: 20_000, timeoutMs: 500 })).toBe('timed_out')
  expect(await ask({ timeoutMs: 500 })).toEqual(expect.any(Number))
})

test('time in line behind other statements is the time of the statement', async () => {
  const ask = openPool(1)
  await ask({})
  const long = ask({ ms: 20_000, timeoutMs: 1500 })
  expect(await ask({ timeoutMs: 300 })).toBe('too_busy')
  expect(await long).toBe('timed_out')
})

test('quick statements that are asked together are answered by one process', async () => {
  const ask = await openQuickPool(4)
  const pids = await together(16, () => ask({}))
  expect(new Set(pids)).toEqual(new Set([await ask({})]))
})

test('statements that are not quick run beside each other', async () => {
  const ask = openPool(0, 2)
  await vi.waitFor(async () => {
    const pids = await together(2, () => ask({ ms: 30 }))
    expect(new Set(pids).size).toBe(2)
  }, 5000)
})

test('those behind one that runs away are answered by another process while it runs', async () => {
  const ask = await openQuickPool(2)
  const ended: string[] = []
  const first = ask({})
  const runaway = ask({ ms: 20_000, timeoutMs: 3000 }).then((code) => ended.push(String(code)))
  const behind = together(5, () => ask({})).then((pids) => {
    ended.push('answered')
    return pids
  })
  const [pid] = await Promise.all([first, behind, runaway])
  expect(ended).toEqual(['answered', 'timed_out'])
  expect(await behind).toEqual(Array.from({ length: 5 }, () => expect.any(Number)))
  expect(await behind).not.toContain(pid)
})

test('a worker that dies takes the statement with it that was running, and no other', async () => {
  const ask = await openQuickPool()
  const before = together(3, () => ask({}))
  const deadly = ask({ dies: true })
  const behind = together(3, () => ask({}))
  expect(await deadly).toBe('worker_lost')
  for (const pid of [...(await before), ...(await behind)]) expect(pid).toEqual(expect.any(Number))
})

test('a cancel while others are before it ends one statement and no other', async () => {
  const ask = await openQuickPool()
  const controller = new AbortController()
  const before = ask({ ms: 40 })
  const cancelled = ask({ signal: controller.signal })
  const behind = ask({})
  setTimeout(() => controller.abort(), 10)
  expect(await cancelled).toBe('cancelled')
  expect(await before).toBe(await behind)
})

test('what was cancelled before it was asked is not taken as told to a worker', async () => {
  const ask = await openQuickPool()
  const made: string[] = []
  const onRequest = (): void => void made.push('request')
  expect(await ask({ signal: AbortSignal.abort(), onRequest })).toBe('cancelled')
  expect(made).toEqual([])
})

test('what was cancelled before it began and runs away holds up nobody for long', async () => {
  const ask = await openQuickPool()
  const controller = new AbortController()
  const before = ask({ ms: 40 })
  const cancelled = ask({ ms: 20_000, signal: controller.signal })
  setTimeout(() => controller.abort(), 10)
  expect(await cancelled).toBe('cancelled')
  await before
  expect(await ask({ timeoutMs: 3000 })).toEqual(expect.any(Number))
})

test('a statement is said to begin when those before it are done', async () => {
  const ask = await openQuickPool()
  const seen: string[] = []
  await Promise.all([
    ask({ ms: 5 }).then(() => seen.push('first is answered')),
    ask({ onProgress: () => seen.push('second begins') }),
  ])
  expect(seen).toEqual(['second begins', 'first is answered'])
})
