import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Snapshot, type SnapshotOptions } from '../../dist/cache/snapshot.js'
import { noSignal } from '../support/open.ts'

interface Read {
  readonly n: number
}

/** A snapshot of a count of its readings; each waits until it is let go. */
function makeSnapshot(options: Partial<SnapshotOptions<Read>> = {}) {
  let n = 0
  let isBroken = false
  const waiting: (() => void)[] = []
  const stale: unknown[] = []
  const snapshot = new Snapshot<Read>({
    keepMs: 60_000,
    onStale: (error) => void stale.push(error),
    ...options,
    load: async () => {
      n += 1
      const read = { n }
      await new Promise<void>((resolve) => waiting.push(resolve))
      if (isBroken) throw new Error('gone')
      return read
    },
  })
  return {
    snapshot,
    stale,
    loads: () => n,
    letGo: () => waiting.splice(0).forEach((resolve) => resolve()),
    break: (broken: boolean) => (isBroken = broken),
  }
}

test('many who wait share one load, and one that gives up takes nothing from the others', async () => {
  const { snapshot, loads, letGo } = makeSnapshot()
  const gone = new AbortController()
  const others = Array.from({ length: 50 }, () => snapshot.get(noSignal))
  const first = snapshot.get(gone.signal)
  gone.abort()
  await expect(first).rejects.toMatchObject({ code: 'cancelled' })
  letGo()
  const all = await Promise.all(others)
  expect(new Set(all).size).toBe(1)
  expect(loads()).toBe(1)
})

test('one that is due is given at once while the next is read, once', async () => {
  const { snapshot, loads, letGo } = makeSnapshot({ keepMs: 300 })
  const reading = snapshot.get(noSignal)
  letGo()
  const first = await reading
  await pause(320)
  expect(await snapshot.get(noSignal)).toBe(first)
  expect(await snapshot.get(noSignal)).toBe(first)
  expect(loads()).toBe(2)
  letGo()
  await pause(0)
  expect((await snapshot.get(noSignal)).n).toBe(2)
})

test('one that is twice as old as it may be is not given, whatever the database says', async () => {
  const { snapshot, letGo, ...made } = makeSnapshot({ keepMs: 50 })
  const reading = snapshot.get(noSignal)
  letGo()
  await reading
  await pause(110)
  made.break(true)
  const next = snapshot.get(noSignal)
  letGo()
  await expect(next).rejects.toThrow('gone')
})

test('while it cannot be read anew the old one is given, which is told once', async () => {
  const { snapshot, stale, letGo, loads, ...made } = makeSnapshot({ keepMs: 2000 })
  const reading = snapshot.get(noSignal)
  letGo()
  const first = await reading
  made.break(true)
  for (let time = 0; time < 3; time++) {
    expect(snapshot.refresh(0)).toBe(true)
    const asked = snapshot.get(noSignal)
    letGo()
    expect(await asked).toBe(first)
  }
  expect(loads()).toBe(4)
  expect(stale).toEqual([new Error('gone')])
})

test('whoever knows of a newer one waits for it, and so does everybody then', async () => {
  const { snapshot, letGo, loads } = makeSnapshot()
  const reading = snapshot.get(noSignal)
  letGo()
  await reading
  expect(snapshot.refresh(60_000)).toBe(false)
  expect(snapshot.refresh(0)).toBe(true)
  const waiting = [snapshot.get(noSignal), snapshot.get(noSignal)]
  letGo()
  expect((await Promise.all(waiting)).map(({ n }) => n)).toEqual([2, 2])
  expect(loads()).toBe(2)
})

test('what is forgotten while it is read is given to those who waited, and to nobody after them', async () => {
  const { snapshot, letGo } = makeSnapshot()
  const before = snapshot.get(noSignal)
  snapshot.forget()
  const after = snapshot.get(noSignal)
  letGo()
  expect([(await before).n, (await after).n]).toEqual([1, 2])
  expect((await snapshot.get(noSignal)).n).toBe(2)
})

test('a first reading that fails is told, and the next who asks reads again', async () => {
  const { snapshot, letGo, stale, ...made } = makeSnapshot({ keepMs: Number.POSITIVE_INFINITY })
  made.break(true)
  const first = snapshot.get(noSignal)
  letGo()
  await expect(first).rejects.toThrow('gone')
  made.break(false)
  const second = snapshot.get(noSignal)
  letGo()
  expect((await second).n).toBe(2)
  expect(stale).toEqual([])
})
