import { expect, test } from 'vitest'
import { answerOf, callOf, held, letIn, makeLimits, one, refusalOf } from './calls.ts'

const hour = 3600

test('a caller has so many calls, and another caller has as many', async () => {
  const limits = makeLimits({ perActor: { calls: 3, seconds: hour } })
  expect(await letIn(limits, 5)).toBe(3)
  expect(await letIn(limits, 5, 'ben')).toBe(3)
})

test('a refusal names the limit and its size, and says when to come back', async () => {
  const limits = makeLimits({ perActor: { calls: 1, seconds: 60 } })
  await limits.gate(callOf('ana'), one)
  const refusal = await refusalOf(limits)
  expect(refusal).toMatchObject({
    code: 'rate_limited',
    message: 'The limit of calls is used up: 1 per minute.',
    hint: expect.stringMatching(/^Ask again in \d+ s\./) as string,
  })
  expect(refusal.retryAfterMs).toBeGreaterThan(0)
  expect(refusal.retryAfterMs).toBeLessThanOrEqual(60_000)
})

test('a call is let in again when the time that was told is over', async () => {
  const limits = makeLimits({ perActor: { calls: 1, seconds: 1 } })
  await limits.gate(callOf('ana'), one)
  const { retryAfterMs = 0 } = await refusalOf(limits)
  await new Promise((resolve) => setTimeout(resolve, retryAfterMs + 5))
  await expect(limits.gate(callOf('ana'), one)).resolves.toMatchObject({ text: '{}' })
})

test('a limit of one tool leaves the others alone', async () => {
  const limits = makeLimits({ perTool: { query_database: { calls: 1, seconds: hour } } })
  await limits.gate(callOf('ana'), one)
  await expect(limits.gate(callOf('ana'), one)).rejects.toMatchObject({
    message: 'The limit of calls of query_database is used up: 1 per hour.',
  })
  await expect(limits.gate(callOf('ana', 'get_schema'), one)).resolves.toBeDefined()
})

test('names that run into each other are counted apart', async () => {
  const rate = { calls: 1, seconds: hour }
  const limits = makeLimits({ perActor: rate, perTool: { a: rate } })
  await limits.gate(callOf('of-a:x', 'b'), one)
  await expect(limits.gate(callOf('x', 'a'), one)).resolves.toBeDefined()
})

test('so many calls are under way at once, and one that ends makes room', async () => {
  const limits = makeLimits({ concurrent: 1 })
  const { next, end } = held()
  const first = limits.gate(callOf('ana'), next)
  await expect(limits.gate(callOf('ana'), one)).rejects.toMatchObject({
    code: 'rate_limited',
    message: 'The limit of calls under way at once is used up: 1.',
    retryAfterMs: 500,
  })
  await expect(limits.gate(callOf('ben'), one)).resolves.toBeDefined()
  end()
  await first
  await expect(limits.gate(callOf('ana'), one)).resolves.toBeDefined()
})

test('a call that fails or is cancelled makes room too', async () => {
  const limits = makeLimits({ concurrent: 1 })
  const stop = new AbortController()
  const cancelled = limits.gate(callOf('ana', 'query_database', stop.signal), ({ context }) => {
    return new Promise((_, reject) =>
      context.signal.addEventListener('abort', () => reject(new Error('cancelled'))),
    )
  })
  // The slot is taken by the time a second call is refused.
  await expect(limits.gate(callOf('ana'), one)).rejects.toMatchObject({ code: 'rate_limited' })
  stop.abort()
  await expect(cancelled).rejects.toThrow('cancelled')
  await expect(limits.gate(callOf('ana'), one)).resolves.toBeDefined()
})

test('rows of a day are charged as they were answered', async () => {
  const limits = makeLimits({ dailyRows: 100 })
  await limits.gate(callOf('ana'), answerOf(60))
  await limits.gate(callOf('ana'), answerOf(60))
  await expect(limits.gate(callOf('ana'), one)).rejects.toMatchObject({
    message: 'The limit of rows is used up: 100 per day.',
    hint: expect.stringMatching(/^Come back in (?:23 h 59|24 h 0) min/) as string,
  })
  await expect(limits.gate(callOf('ben'), one)).resolves.toBeDefined()
})

test('bytes of a day are those of the answer in UTF-8', async () => {
  const limits = makeLimits({ dailyBytes: 1000 })
  await limits.gate(callOf('ana'), answerOf(0, 'é'.repeat(499)))
  await limits.gate(callOf('ana'), answerOf(0, 'é'))
  await expect(limits.gate(callOf('ana'), one)).rejects.toMatchObject({
    message: 'The limit of bytes is used up: 1000 per day.',
  })
})

test('callers of whom nothing is known share one count', async () => {
  const limits = makeLimits({ perActor: { calls: 1, seconds: hour } })
  const { actor: _, ...context } = callOf('').context
  await limits.gate({ ...callOf(''), context }, one)
  await expect(limits.gate({ ...callOf(''), context }, one)).rejects.toMatchObject({
    code: 'rate_limited',
  })
})
