import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Budget } from '../../dist/tools/jobs/budget.js'

const never = new Promise<never>(() => undefined)

test('the time of a call counts from when its statement begins', async () => {
  const budget = new Budget(100)
  const covered = budget.covers(never)
  const began = performance.now()
  expect(await Promise.race([covered, pause(400, 'waits')])).toBe('waits')
  budget.begin()
  expect(await covered).toBe(false)
  expect(performance.now() - began).toBeGreaterThanOrEqual(499)
})

test('work that is done before its time is covered, however it ends', async () => {
  const budget = new Budget(5000)
  budget.begin()
  expect(await budget.covers(Promise.resolve())).toBe(true)
  expect(await new Budget(5000).covers(Promise.reject(new Error('failed')))).toBe(true)
})

test('a call ends in time, also where its statement never begins or begins late', async () => {
  const [one, other] = [new Budget(4000), new Budget(4000)]
  const began = performance.now()
  setTimeout(() => other.begin(), 3000)
  expect(await Promise.all([one.covers(never), other.covers(never)])).toEqual([false, false])
  const took = performance.now() - began
  expect(took).toBeGreaterThanOrEqual(4790)
  // Not the seven seconds of whoever begins after three.
  expect(took).toBeLessThan(6900)
})
