import { setTimeout as pause } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import type { ServedSource } from '../../dist/tools/served-source.js'
import { outcome } from './open.ts'
import type { OwnServer } from './own-server.ts'

export interface Restart {
  readonly server: OwnServer
  readonly served: ServedSource
  /** How many connections others than the asker hold, as the server tells. */
  readonly connections: () => Promise<number>
  /** A statement that runs until it is stopped. */
  readonly endless: string
}

const callers = 8
const most = { timeout: 20_000, interval: 100 }

/** Calls while a server dies, is away and comes back: each ends clearly, and answers come again by themselves. */
export function testRestart(title: string, make: () => Promise<Restart>): void {
  test(`${title} that is killed or restarted under load is served again`, async () => {
    const restart = await make()
    const { server, served, connections } = restart
    server.start()
    await vi.waitFor(async () => expect(await outcome(served, 'SELECT 1')).toEqual([[1]]), most)
    for (const end of [server.kill, server.stop]) await expectSurvived(end, restart)
    await served.source.close()
    await vi.waitFor(async () => expect(await connections()).toBe(0), most)
  }, 60_000)
}

async function expectSurvived(
  end: () => Promise<void>,
  { server, served, connections, endless }: Restart,
): Promise<void> {
  const load = startLoad(served)
  const running = [outcome(served, endless), outcome(served, endless)]
  await vi.waitFor(() => expect(load.answered()).toBeGreaterThan(callers), most)
  await end()
  await vi.waitFor(() => expect(load.failed()).toBeGreaterThan(callers), most)
  expect(await Promise.all(running)).toEqual(['source_unavailable', 'source_unavailable'])
  const before = load.answered()
  server.start()
  await vi.waitFor(() => expect(load.answered()).toBeGreaterThan(before + callers), most)
  expect(new Set(await load.end())).toEqual(new Set(['source_unavailable']))
  // Whoever asks now is answered at once: no dead connection is handed out.
  const now = Array.from({ length: callers }, () => outcome(served, 'SELECT 1'))
  expect(await Promise.all(now)).toEqual(now.map(() => [[1]]))
  expect(await connections()).toBeLessThanOrEqual(callers)
}

interface Load {
  readonly answered: () => number
  readonly failed: () => number
  /** The codes of every call that failed, once the last one has ended. */
  readonly end: () => Promise<readonly string[]>
}

/** Callers that ask one question after another. */
function startLoad(served: ServedSource): Load {
  const codes: string[] = []
  const ended = new AbortController()
  let answered = 0
  const caller = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      const result = await outcome(served, 'SELECT 1')
      if (Array.isArray(result)) answered++
      else codes.push(String(result))
      await pause(20)
    }
  }
  const callersDone = Promise.all(Array.from({ length: callers }, caller))
  return {
    answered: () => answered,
    failed: () => codes.length,
    async end() {
      ended.abort()
      await callersDone
      return codes
    },
  }
}
