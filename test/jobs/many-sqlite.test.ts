import { join } from 'node:path'
import { test } from 'vitest'
import { hasPostgres } from '../support/postgres.ts'
import { scratchFolder } from '../support/scratch.ts'
import { runMany } from './many.ts'

test.runIf(hasPostgres)(
  '200 jobs in a file, over two servers, one of them killed in the middle: each ends once, with its rows',
  () => runMany({ url: `sqlite:${join(scratchFolder(), 'jobs.db')}`, keyPrefix: 'none' }),
  240_000,
)
