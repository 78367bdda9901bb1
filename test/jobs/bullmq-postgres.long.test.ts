import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createBullmqStore } from '../../dist/jobs/bullmq-store.js'
import { testJobStore } from '../../dist/testing/index.js'
import {
  hasPostgres,
  makePostgres,
  makeRole,
  randomName,
  type TestDatabase,
} from '../support/postgres.ts'
import { openBullmq, runOnce, toRequest } from './requests.ts'

describe.skipIf(!hasPostgres)('on PostgreSQL', () => {
  let database: TestDatabase
  const ends: (() => unknown)[] = []
  beforeAll(async () => {
    database = await makePostgres('SELECT 1', (end) => ends.push(end))
    // Nothing here waits for the disk: no server is ended while these tests run.
    await database.run(`ALTER DATABASE ${database.name} SET synchronous_commit = off`)
  })
  afterAll(async () => {
    for (const end of ends) await end()
  })

  testJobStore({
    title: 'PostgreSQL',
    async makePlace(options, whenDone) {
      const keyPrefix = randomName()
      return async () => {
        const store = await createBullmqStore({ ...options, keyPrefix, url: database.url() })
        whenDone(() => store.close())
        return store
      }
    },
  })

  test('a job that is cancelled while it is claimed or completed ends in one way, for everybody', async () => {
    const prefix = randomName()
    const [one, other] = [
      await openBullmq(database.url(), prefix),
      await openBullmq(database.url(), prefix),
    ]
    for (let round = 0; round < 40; round += 3) {
      const request = toRequest()
      await one.submit(request, 5)
      const cancelled = pause(round).then(() => other.cancel(request.id))
      const [isKept] = await Promise.all([runOnce(one), cancelled])
      const found = await other.find(request.id)
      expect(found?.state).toBe(isKept ? 'completed' : 'cancelled')
      expect(await other.readPage(request.id, 0)).toBe(isKept ? '{}' : undefined)
    }
  })

  test('a role that may make no tables is a mistake in the config', async () => {
    const role = await makeRole()
    const store = await openBullmq(database.url(role))
    await expect(store.claim('shop', 1)).rejects.toMatchObject({ code: 'config_invalid' })
  })
})
