import { expect, test } from 'vitest'
import { type Closable, Holdings } from '../../dist/app/holdings.js'

function thing(): Closable & { closed: number } {
  return {
    closed: 0,
    async close() {
      this.closed += 1
    },
  }
}

test('a thing of the same options is handed on, and closed with the last that holds it', async () => {
  const holdings = new Holdings()
  const [one, other] = [holdings.begin(), holdings.begin()]
  const held = one.hold('audit', { file: 'a' }, thing)
  expect(other.hold('audit', { file: 'a' }, thing)).toBe(held)
  await one.release()
  expect(held.closed).toBe(0)
  await other.release()
  expect(held.closed).toBe(1)
})

test('one of other options is another one', async () => {
  const holdings = new Holdings()
  const [one, other] = [holdings.begin(), holdings.begin()]
  const held = one.hold('audit', { file: 'a' }, thing)
  const next = other.hold('audit', { file: 'b' }, thing)
  await one.release()
  expect([held.closed, next.closed]).toEqual([1, 0])
})

test('things are let go by name, and each once', async () => {
  const holder = new Holdings().begin()
  const [jobs, audit] = [holder.hold('jobs', 1, thing), holder.hold('audit', 1, thing)]
  await holder.release('jobs')
  expect([jobs.closed, audit.closed]).toEqual([1, 0])
  await holder.release()
  await holder.release()
  expect([jobs.closed, audit.closed]).toEqual([1, 1])
})

test('what was let go by all is made anew', async () => {
  const holdings = new Holdings()
  const one = holdings.begin()
  const held = one.hold('audit', 1, thing)
  await one.release()
  expect(holdings.begin().hold('audit', 1, thing)).not.toBe(held)
})
