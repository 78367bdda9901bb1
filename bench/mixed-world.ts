/** What the mixed soak asks: a database of each kind, one of them behind a wire that can be cut, and the config. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mysql from 'mysql2/promise'
import { makeDatabase } from './database.ts'
import { type OwnPostgres, ownPostgres } from './postgres.ts'

const own = `vitrine_soak_${process.pid}`
const host = '127.0.0.1'
const rows = 2000

export interface World {
  readonly folder: string
  readonly config: string
  /** Names of the sources that answer here, and how each counts slowly to itself. */
  readonly sources: Readonly<Record<string, { readonly slow: string }>>
  /** Writes the config again, as another edition. */
  edit(): void
  /** Takes PostgreSQL away, or gives it back. */
  cut(isCut: boolean): void
  /** Connections that the servers have to their databases. */
  connections(): Promise<number>
  close(): Promise<void>
}

export async function makeWorld(say: (text: string) => void): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-soak-'))
  makeDatabase(join(folder, 'orders.db'))
  const lines = Array.from({ length: rows }, (_, id) => `${id},Customer ${id % 40},${id * 7}`)
  writeFileSync(join(folder, 'orders.csv'), `id,customer,total_cents\n${lines.join('\n')}\n`)
  const [postgres, mariadb] = await Promise.all([
    ownPostgres(own, [create, fill(`generate_series(1, ${rows}) AS i`, 'i')]),
    makeMariadb(),
  ])
  if (postgres === undefined) say('no PostgreSQL answers here; going on without it')
  if (mariadb === undefined) say('no MariaDB answers here; going on without it')
  const wire = postgres && (await openWire(postgres.url))
  const recursive = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT count(*) AS n FROM n`
  const sources = {
    shop: { slow: recursive },
    exports: { slow: 'SELECT count(DISTINCT md5(md5(i::text))) AS n FROM range(3000000) AS t(i)' },
    ...(postgres && { billing: { slow: 'SELECT count(*) AS n FROM generate_series(1, 8000000)' } }),
    ...(mariadb && {
      stock: { slow: 'SELECT count(*) AS n FROM orders AS a JOIN orders AS b ON a.id < b.id + 1' },
    }),
  }
  const urls = [
    `  shop: { url: 'sqlite:./orders.db', limits: &limits { timeout: 1s, job_timeout: 1m, answer: 1MB } }`,
    `  exports: { url: './orders.csv', limits: *limits }`,
    ...(wire ? [`  billing: { url: '${wire.url}', limits: *limits }`] : []),
    ...(mariadb ? [`  stock: { url: 'mariadb://root@${host}:3306/${own}', limits: *limits }`] : []),
  ]
  const config = join(folder, 'vitrine.yaml')
  let edition = 0
  const edit = (): void => {
    edition += 1
    const text = `name: soak\nsources:\n${urls.join('\n')}
tools:
  order:
    description: One order by its number, edition ${edition}.
    source: shop
    parameters: { id: { type: integer, minimum: 1, description: Number of the order. } }
    sql: SELECT id, status, total_cents FROM orders WHERE id = :id
jobs: { store: 'sqlite:./jobs.db', per_actor: 40 }
audit: { file: ./audit.jsonl }
`
    writeFileSync(config, text)
  }
  edit()
  return {
    folder,
    config,
    sources,
    edit,
    cut: (isCut) => wire?.cut(isCut),
    connections: async () =>
      ((await postgres?.connections()) ?? 0) + ((await mariadb?.connections()) ?? 0),
    async close() {
      wire?.close()
      await Promise.all([postgres?.drop(), mariadb?.drop()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const fill = (table: string, i: string): string =>
  `INSERT INTO orders SELECT ${i}, concat('Customer ', ${i} % 40), ${i} * 7 FROM ${table}`
const create = 'CREATE TABLE orders (id int PRIMARY KEY, customer varchar(40), total_cents int)'

async function makeMariadb(): Promise<Omit<OwnPostgres, 'url'> | undefined> {
  const admin = await mysql
    .createConnection({ host, user: 'root', multipleStatements: true })
    .catch(() => undefined)
  if (admin === undefined) return undefined
  await admin.query(
    `CREATE DATABASE ${own}; USE ${own}; ${create}; ${fill(`seq_1_to_${rows}`, 'seq')}`,
  )
  return {
    async connections() {
      const text =
        'SELECT count(*) AS n FROM information_schema.processlist WHERE db = ? AND id <> connection_id()'
      const [found] = await admin.query<(mysql.RowDataPacket & { n: number })[]>(text, [own])
      return found[0]?.n ?? 0
    },
    async drop() {
      await admin.query(`DROP DATABASE ${own}`)
      await admin.end()
    },
  }
}

/** A URL that leads to another one, until it is cut. */
async function openWire(target: string) {
  const { hostname, port } = new URL(target)
  const open = new Set<Socket>()
  let isCut = false
  const server = createServer((near) => {
    if (isCut) return near.destroy()
    const far = connect(Number(port), hostname)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one)
      one
        .on('error', () => undefined)
        .on('close', () => {
          open.delete(one)
          other.destroy()
        })
      one.pipe(other)
    }
    return undefined
  }).listen(0, host)
  await once(server, 'listening')
  const dropAll = (): void => open.forEach((socket) => socket.destroy())
  const url = new URL(target)
  url.hostname = host
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    cut(is: boolean) {
      isCut = is
      if (is) dropAll()
    },
    close() {
      server.close()
      dropAll()
    },
  }
}
