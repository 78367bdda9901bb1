import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Budget } from '../../dist/tools/jobs/budget.js'

const never = new Promise<never>(() => undefined)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance'] })
})
afterEach(() => void vi.useRealTimers())

/** What a budget has said so far of work without an end. */
function watch(budget: Budget): boolean[] {
  const said: boolean[] = []
  void budget.covers(never).then((covered) => said.push(covered))
  return said
}

test('the time of a call counts from when its statement begins', async () => {
  const budget = new Budget(100)
  const said = watch(budget)
  await vi.advanceTimersByTimeAsync(400)
  expect(said).toEqual([])
  budget.begin()
  await vi.advanceTimersByTimeAsync(99)
  expect(said).toEqual([])
  await vi.advanceTimersByTimeAsync(10)
  expect(said).toEqual([false])
})

test('work that is done before its time is covered, however it ends', async () => {
  const budget = new Budget(5000)
  budget.begin()
  expect(await budget.covers(Promise.resolve())).toBe(true)
  expect(await new Budget(5000).covers(Promise.reject(new Error('failed')))).toBe(true)
})

test('a call ends in time, also where its statement never begins or begins late', async () => {
  const [one, other] = [new Budget(4000), new Budget(4000)]
  const said = [watch(one), watch(other)]
  await vi.advanceTimersByTimeAsync(3000)
  other.begin()
  await vi.advanceTimersByTimeAsync(1799)
  expect(said).toEqual([[], []])
  // Not the seven seconds of whoever begins after three.
  await vi.advanceTimersByTimeAsync(10)
  expect(said).toEqual([[false], [false]])
})
