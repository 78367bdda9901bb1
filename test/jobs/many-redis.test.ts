import { test } from 'vitest'
import { hasPostgres, randomName } from '../support/postgres.ts'
import { hasRedis, ownKeys, redisUrl } from '../support/redis.ts'
import { runMany } from './many.ts'

test.runIf(hasPostgres && hasRedis)(
  '200 jobs in Redis, over two servers, one of them killed in the middle: each ends once, with its rows',
  () => runMany({ url: redisUrl, keyPrefix: ownKeys(randomName()) }),
  240_000,
)
