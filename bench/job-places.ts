/** Where jobs can be kept on this machine: each in a place of its own, gone when it is dropped. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@redis/client'
import { ownPostgres } from './postgres.ts'

export interface JobPlace {
  readonly name: string
  /** As `jobs.store` names it. */
  readonly url: string
  readonly keyPrefix: string
  readonly drop: () => Promise<void>
}

const own = `vitrine_bench_${process.pid}`
const redisUrl = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379'

export async function jobPlaces(say: (text: string) => void): Promise<readonly JobPlace[]> {
  const made = await Promise.all([inFile(), inRedis(), inPostgres()])
  const missing = ['SQLite', 'Redis', 'PostgreSQL'].filter((_, index) => made[index] === undefined)
  for (const name of missing) say(`no ${name} answers here; going on without it`)
  return made.filter((place) => place !== undefined)
}

async function inFile(): Promise<JobPlace> {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-bench-'))
  return {
    name: 'SQLite',
    url: `sqlite:${join(folder, 'jobs.db')}`,
    keyPrefix: own,
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function inRedis(): Promise<JobPlace | undefined> {
  const client = createClient({ url: redisUrl, socket: { reconnectStrategy: false } })
  client.on('error', () => undefined)
  const isThere = await client.connect().then(
    () => true,
    () => false,
  )
  if (!isThere) return undefined
  return {
    name: 'Redis',
    url: redisUrl,
    keyPrefix: own,
    async drop() {
      const keys = await client.keys(`${own}:*`)
      if (keys.length > 0) await client.del(keys)
      client.destroy()
    },
  }
}

async function inPostgres(): Promise<JobPlace | undefined> {
  const made = await ownPostgres(own)
  return made && { name: 'PostgreSQL', keyPrefix: own, ...made }
}
