import { expect, test } from 'vitest'
import { hasPostgres, makePostgres, randomName } from '../support/postgres.ts'
import { allRows, runMany } from './many.ts'

test.runIf(hasPostgres)(
  '200 jobs in PostgreSQL, over two servers, one of them killed in the middle: each ends once, with its rows',
  async () => {
    expect(await runMany({ url: (await makePostgres()).url(), keyPrefix: randomName() })).toEqual(
      allRows,
    )
  },
  240_000,
)
