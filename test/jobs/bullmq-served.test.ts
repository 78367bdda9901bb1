import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { modernCall, startHttpServer } from '../support/http-server.ts'
import { hasPostgres, makePostgres, randomName } from '../support/postgres.ts'
import { hasRedis, ownKeys, redisUrl } from '../support/redis.ts'
import { scratchFolder } from '../support/scratch.ts'

interface Answer {
  readonly job?: { readonly id: string; readonly status: string }
  readonly rows?: readonly (readonly unknown[])[]
}

/** A server with a folder of its own, as on another machine. */
async function serve(yaml: string) {
  const config = join(scratchFolder(), 'vitrine.yaml')
  writeFileSync(config, yaml)
  const { url } = await startHttpServer(config)
  return async (tool: string, input: object): Promise<Answer> => {
    const response = await modernCall(url, [tool, input])
    const { result } = (await response.json()) as { result: { structuredContent: Answer } }
    return result.structuredContent
  }
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
    const { job } = await here('query_database', { query: counted })
    const job_id = job?.id ?? ''
    await vi.waitFor(async () => {
      expect(await there('get_job_status', { job_id })).toMatchObject({ rows: [[8_000_000]] })
    }, patience)
    const long = await here('query_database', { query: endless })
    await there('cancel_job', { job_id: long.job?.id })
    await vi.waitFor(async () => {
      const active = await database.run(
        `SELECT query FROM pg_stat_activity WHERE datname = current_database()
             AND state = 'active' AND pid <> pg_backend_pid()`,
      )
      expect(active).toEqual([])
    }, patience)
    expect(await here('get_job_status', { job_id: long.job?.id })).toMatchObject({
      job: { status: 'cancelled' },
    })
  },
  30_000,
)
