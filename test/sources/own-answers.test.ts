/** Calls share workers and messages: each must be given what it asked for, whatever becomes of the others. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { noSignal, openTestSource, run } from '../support/open.ts'
import { makeDatabase } from '../support/scratch.ts'

const endless = 100_000_000
/** Rows of the recursion; the longest takes longer than most of the calls behind it will wait. */
const steps = fc.oneof(
  { weight: 40, arbitrary: fc.constant(1) },
  { weight: 6, arbitrary: fc.integer({ min: 1000, max: 100_000 }) },
  { weight: 1, arbitrary: fc.constant(endless) },
)

interface Asked {
  readonly steps: number
  readonly limitMs: number
  readonly patienceMs?: number | undefined
}

const calls = fc.array(
  fc.record({
    steps,
    /** A process that starts on a busy machine takes longer than the one, and not the other. */
    limitMs: fc.constantFrom(300, 3000),
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
    limits: { concurrency: 2 },
  })
  // On a busy machine reading it takes longer than a call here waits for it.
  await served.source.catalog(noSignal)
  let answered = 0
  const ask = async (
    number: number,
    { steps: most, limitMs, patienceMs }: Asked,
  ): Promise<void> => {
    const text = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ${most}) SELECT ${number}, count(*) FROM n`
    const giveUp = new AbortController()
    if (patienceMs !== undefined) setTimeout(() => giveUp.abort(), patienceMs)
    const ended: unknown = await run(served, text, {
      signal: giveUp.signal,
      timeoutMs: most === endless ? 300 : limitMs,
    }).then(
      ({ rows }) => rows,
      ({ code }: { code: string }) => code,
    )
    if (Array.isArray(ended)) answered++
    expect({ number, ended, isOwn: isOwn(ended, [number, most]) }).toMatchObject({ isOwn: true })
  }
  let number = 0
  await fc.assert(
    fc.asyncProperty(calls, async (together) => {
      await Promise.all(together.map((one) => ask(++number, one)))
      await ask(++number, { steps: 1, limitMs: 300 })
    }),
    // Another run would not end as this one did.
    { numRuns: 6, endOnFailure: true },
  )
  expect(answered).toBeGreaterThan(60)
}, 60_000)
