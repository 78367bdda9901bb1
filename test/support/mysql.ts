import { randomBytes } from 'node:crypto'
import { createConnection, type Connection } from 'mysql2/promise'
import { describe, onTestFinished } from 'vitest'
import { createGuard } from '../../dist/guard/guard.js'
import type { Visibility } from '../../dist/guard/visibility.js'
import { MysqlSource } from '../../dist/sources/mysql/driver.js'
import type { ServedSource } from '../../dist/tools/served-source.js'
import { defaultLimits } from '../../dist/config/config.js'
import type { WhenDone } from '../../dist/testing/index.js'
import type { Limits } from '../../dist/sources/source.js'
import { mariadbPort } from './addresses.ts'
import { isReachable } from './is-reachable.ts'

export interface TestServer {
  readonly title: string
  /** Without a database; an administrator's. */
  readonly url: string
}

const own = process.env['VITRINE_TEST_MYSQL_URL']

const mariadb: TestServer = { title: 'MariaDB', url: `mariadb://root@127.0.0.1:${mariadbPort}` }

/** MariaDB on its usual port, and the MySQL server that the environment names. */
export const servers: readonly TestServer[] = [
  ...((await isReachable(mariadbPort)) ? [mariadb] : []),
  ...(own === undefined ? [] : [{ title: 'MySQL', url: own.replace(/\/$/, '') }]),
]
export const hasServer: boolean = servers.length > 0

/** As `describe.each(servers)`; where none answers, what it describes is skipped. */
export const describeOnEach = describe.runIf(hasServer).each(hasServer ? servers : [mariadb])

const randomName = (): string => `vitrine_test_${randomBytes(6).toString('hex')}`

/** An administrator's connection, closed when the test ends. */
export async function connectTo(
  server: TestServer,
  database?: string,
  whenDone: WhenDone = onTestFinished,
): Promise<Connection> {
  const url = server.url.replace(/^mariadb:/, 'mysql:')
  const connection = await createConnection({
    uri: database === undefined ? url : `${url}/${database}`,
    multipleStatements: true,
  })
  whenDone(() => connection.end())
  return connection
}

export interface TestDatabase {
  readonly name: string
  readonly url: string
  readonly admin: Connection
}

/** A database of its own, gone when the test ends. */
export async function makeMysqlDatabase(
  server: TestServer,
  setup: readonly string[],
  whenDone: WhenDone = onTestFinished,
): Promise<TestDatabase> {
  const name = randomName()
  const admin = await connectTo(server, undefined, whenDone)
  await admin.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4; USE ${name}`)
  whenDone(async () => void (await admin.query(`DROP DATABASE ${name}`)))
  for (const sql of setup) await admin.query(sql)
  return { name, url: `${server.url}/${name}`, admin }
}

export interface OpenOptions {
  readonly visibility?: Partial<Visibility>
  readonly limits?: Partial<Limits>
  readonly concurrency?: number
  readonly whenDone?: WhenDone
}

export async function openMysqlSource(
  url: string,
  { visibility = {}, limits = {}, concurrency = 4, whenDone = onTestFinished }: OpenOptions = {},
): Promise<ServedSource> {
  const source = new MysqlSource({ name: 'main', url, concurrency })
  whenDone(() => source.close())
  const guard = await createGuard('mysql', { tables: undefined, columns: {}, ...visibility })
  return {
    source,
    guard,
    limits: { ...defaultLimits, ...limits },
    mostCost: undefined,
    identity: {},
  }
}
