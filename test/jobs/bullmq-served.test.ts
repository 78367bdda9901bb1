import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { startHttpServer } from '../support/http-server.ts'
import { askAs, type Asking, endOf, startJob } from '../support/jobs.ts'
import { hasPostgres, makePostgres, randomName } from '../support/postgres.ts'
import { hasRedis, ownKeys, redisUrl } from '../support/redis.ts'
import { scratchFolder } from '../support/scratch.ts'

/** A server with a folder of its own, as on another machine. */
async function serve(yaml: string): Promise<Asking> {
  const config = join(scratchFolder(), 'vitrine.yaml')
  writeFileSync(config, yaml)
  const { url } = await startHttpServer(config)
  return askAs(url)
}

const patience = { timeout: 20_000, interval: 20 }
const counted = 'SELECT count(*) FROM generate_series(1, 8000000)'
const endless = 'SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b'

test.skipIf(!hasPostgres || !hasRedis)(
  "two servers that share a store give each other's rows, and end each other's statements",
  async () => {
    const database = await makePostgres()
    const keyPrefix = ownKeys(randomName())
    const yaml = `sources: { main: { url: '${database.url()}', limits: { timeout: 200ms } } }
jobs: { store: '${redisUrl}', key_prefix: ${keyPrefix} }
`
    const [here, there] = await Promise.all([serve(yaml), serve(yaml)])
    // A server that is held up may have the rows before it sees that the time of the call is over.
    const job = await vi.waitFor(() => startJob(here, counted), patience)
    expect(await endOf(there, job)).toMatchObject({ rows: [[8_000_000]] })
    const long = await startJob(here, endless)
    await there('cancel_job', { job_id: long })
    await vi.waitFor(async () => {
      const active = await database.run(
        `SELECT query FROM pg_stat_activity WHERE datname = current_database()
             AND state = 'active' AND pid <> pg_backend_pid()`,
      )
      expect(active).toEqual([])
    }, patience)
    expect(await here('get_job_status', { job_id: long })).toMatchObject({
      job: { status: 'cancelled' },
    })
  },
  30_000,
)
