import { expect, test } from 'vitest'
import { hasPostgres, randomName } from '../support/postgres.ts'
import { hasRedis, ownKeys, redisUrl } from '../support/redis.ts'
import { allRows, runMany } from './many.ts'

test.runIf(hasPostgres && hasRedis)(
  '200 jobs in Redis, over two servers, one of them killed in the middle: each ends once, with its rows',
  async () => {
    expect(await runMany({ url: redisUrl, keyPrefix: ownKeys(randomName()) })).toEqual(allRows)
  },
  240_000,
)
