import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { AppError } from '../../dist/base/error.js'
import { type Call, type Reply, toReply } from '../../dist/tools/call.js'
import { openCacheGate, type Question } from '../support/cache-gate.ts'

const question: Question = {
  tool: 'query_database',
  source: 'shop',
  version: '1',
  given: { query: 'SELECT 1' },
  actor: { id: 'ana', claims: { role: 'sales' }, tools: 'all', sources: 'all' },
}
const ben = { ...question, actor: { ...question.actor, id: 'ben' } }
const shared = { shared: 'role' }

/** Answers only when it is told to; keeps the calls that came through. */
function open() {
  const calls: { call: Call; end: (reply: Promise<Reply>) => void }[] = []
  const ask = openCacheGate((call) => new Promise((end) => calls.push({ call, end })))
  const came = async (count: number): Promise<void> => {
    await expect.poll(() => calls.length).toBe(count)
  }
  return { ask, calls, came }
}

const rows = { rows: [[1]], row_count: 1 }

test('whoever joins is told how old the answer is by then; whoever asked first is not', async () => {
  const { ask, calls, came } = open()
  const asking = [ask(question), ask(question)]
  await came(1)
  calls[0]?.end(Promise.resolve(toReply(rows)))
  const [first, second] = await Promise.all(asking)
  expect(first?.answer).toEqual(rows)
  expect(second?.answer).toEqual({ ...rows, cached: { age_s: 0 } })
})

test('one that gives up takes nothing from the others, and the last one ends the statement', async () => {
  const { ask, calls, came } = open()
  const [one, other] = [new AbortController(), new AbortController()]
  const first = ask(question, { signal: one.signal })
  await came(1)
  const second = ask(question, { signal: other.signal })
  await pause(10)
  one.abort()
  await expect(first).rejects.toMatchObject({ code: 'cancelled' })
  expect(calls[0]?.call.context.signal.aborted).toBe(false)
  // The statement still runs, and is what a third one waits for.
  const third = ask(question)
  await pause(10)
  expect(calls).toHaveLength(1)
  calls[0]?.end(Promise.resolve(toReply(rows)))
  expect((await second).answer).toMatchObject(rows)
  expect((await third).answer).toMatchObject(rows)

  const alone = { ...question, given: { query: 'SELECT 2' } }
  const last = ask(alone, { signal: other.signal })
  await came(2)
  other.abort()
  await expect(last).rejects.toMatchObject({ code: 'cancelled' })
  expect(calls[1]?.call.context.signal.aborted).toBe(true)
  // Nobody joins what was given up.
  const anew = ask(alone)
  await came(3)
  calls[2]?.end(Promise.resolve(toReply(rows)))
  expect((await anew).answer).toEqual(rows)
})

test('a job is given to its own caller alone, and to nobody again', async () => {
  const { ask, calls, came } = open()
  const asking = [ask(question, shared), ask(question, shared), ask(ben, shared)]
  await came(1)
  const job = { job: { id: '7', status: 'running' } }
  calls[0]?.end(Promise.resolve(toReply(job)))
  expect((await asking[0])?.answer).toEqual(job)
  expect((await asking[1])?.answer).toEqual(job)
  await came(2)
  expect(calls[1]?.call.context.actor?.id).toBe('ben')
  calls[1]?.end(Promise.resolve(toReply(rows)))
  expect((await asking[2])?.answer).toEqual(rows)
  void ask({ ...question, given: { query: 'SELECT 3' } })
  void ask({ ...question, actor: { ...ben.actor, claims: { role: 'other' } } }, shared)
  await came(4)
})

test('an error says what is its own caller’s, and is not given again', async () => {
  const { ask, calls, came } = open()
  const [first, second] = [ask(question, shared), ask(ben, shared)]
  await came(1)
  const error = new AppError('timed_out', 'Too many.', { hint: 'Wait for one of them: 7.' })
  calls[0]?.end(Promise.reject(error))
  await expect(first).rejects.toBe(error)
  await came(2)
  calls[1]?.end(Promise.resolve(toReply(rows)))
  expect((await second).answer).toEqual(rows)
})

test.each([[{ hint: 'status holds new.' }], [{ next_cursor: '1' }], [{ job: { id: '7' } }]])(
  'what is said of the moment is not kept: %j',
  async (more) => {
    const { ask, calls, came } = open()
    const first = ask(question)
    await came(1)
    calls[0]?.end(Promise.resolve(toReply({ ...rows, ...more })))
    await first
    void ask(question)
    await came(2)
    expect(calls).toHaveLength(2)
  },
)
