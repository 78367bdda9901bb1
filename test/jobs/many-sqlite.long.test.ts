import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hasPostgres } from '../support/postgres.ts'
import { scratchFolder } from '../support/scratch.ts'
import { allRows, runMany } from './many.ts'

test.runIf(hasPostgres)(
  '200 jobs in a file, over two servers, one of them killed in the middle: each ends once, with its rows',
  async () => {
    expect(
      await runMany({ url: `sqlite:${join(scratchFolder(), 'jobs.db')}`, keyPrefix: 'none' }),
    ).toEqual(allRows)
  },
  240_000,
)
