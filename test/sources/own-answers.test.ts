/** Calls share workers and messages: each must be given what it asked for, whatever becomes of the others. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { noSignal, openTestSource, run } from '../support/open.ts'
import { makeDatabase } from '../support/scratch.ts'

/** Rows of the recursion; the longest takes longer than the calls behind it will wait. */
const steps = fc.oneof(
  { weight: 40, arbitrary: fc.constant(1) },
  { weight: 6, arbitrary: fc.integer({ min: 1000, max: 100_000 }) },
  { weight: 1, arbitrary: fc.constant(100_000_000) },
)

const calls = fc.array(
  fc.record({
    steps,
    /** Milliseconds after which the caller gives up. */
    patienceMs: fc.oneof(
      { weight: 8, arbitrary: fc.constant(undefined) },
      fc.integer({ min: 0, max: 30 }),
    ),
  }),
  { minLength: 20, maxLength: 120 },
)

const ends = new Set(['cancelled', 'timed_out', 'too_busy'])

/** True where it is what was asked for, or a reason to have nothing. */
const isOwn = (ended: unknown, row: readonly number[]): boolean =>
  typeof ended === 'string' ? ends.has(ended) : JSON.stringify(ended) === JSON.stringify([row])

test('every call is given the rows of its own statement, whatever ends the others', async () => {
  const served = await openTestSource(makeDatabase('SELECT 1'), {
    limits: { concurrency: 2, timeoutMs: 300 },
  })
  // On a busy machine reading it takes longer than a call here waits for it.
  await served.source.catalog(noSignal)
  let answered = 0
  const ask = async (number: number, most: number, patienceMs?: number): Promise<void> => {
    const text = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ${most}) SELECT ${number}, count(*) FROM n`
    const giveUp = new AbortController()
    if (patienceMs !== undefined) setTimeout(() => giveUp.abort(), patienceMs)
    const ended: unknown = await run(served, text, { signal: giveUp.signal }).then(
      ({ rows }) => rows,
      ({ code }: { code: string }) => code,
    )
    if (Array.isArray(ended)) answered++
    expect({ number, ended, isOwn: isOwn(ended, [number, most]) }).toMatchObject({ isOwn: true })
  }
  let number = 0
  await fc.assert(
    fc.asyncProperty(calls, async (together) => {
      await Promise.all(together.map((one) => ask(++number, one.steps, one.patienceMs)))
      await ask(++number, 1)
    }),
    { numRuns: 6 },
  )
  expect(answered).toBeGreaterThan(20)
}, 60_000)
