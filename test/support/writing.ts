import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { onTestFinished } from 'vitest'
import { type App, createApp } from '../../dist/app/app.js'
import { loadConfig } from '../../dist/config/load.js'
import type { Actor } from '../../dist/base/actor.js'
import type { Asking, Reply } from '../../dist/tools/call.js'
import { hasServer, makeMysqlDatabase, servers } from './mysql.ts'
import { hasPostgres, makePostgres, makeRole } from './postgres.ts'
import { makeDatabase, scratchFolder } from './scratch.ts'
import { toolsetsOf } from './toolsets.ts'

/** A database that tools may write to, and the way to look into it past them. */
export interface WritableDatabase {
  /** What reads, and what writes. */
  readonly url: string
  readonly writableUrl: string
  /** Rows as they are now, each cell as text. */
  readonly rows: (sql: string) => Promise<string[][]>
  /** Runs SQL of the test itself. */
  readonly run: (sql: string) => Promise<void>
}

export interface Engine {
  readonly title: string
  readonly isThere: boolean
  readonly make: () => Promise<WritableDatabase>
}

const tableOf = (name: string, more = ''): string =>
  `CREATE TABLE ${name}(id INTEGER PRIMARY KEY, status VARCHAR(200) NOT NULL, total INTEGER)${more}`

/** Five orders, all new. */
const setup = [
  tableOf('orders'),
  "INSERT INTO orders VALUES (1,'new',10),(2,'new',20),(3,'new',30),(4,'new',40),(5,'new',50)",
]

export const engines: readonly Engine[] = [
  { title: 'SQLite', isThere: true, make: async () => makeSqlite() },
  {
    title: 'SQLite with a log',
    isThere: true,
    make: async () => makeSqlite('PRAGMA journal_mode = WAL;'),
  },
  { title: 'PostgreSQL', isThere: hasPostgres, make: makePostgresShop },
  { title: 'MariaDB', isThere: hasServer, make: makeMysqlShop },
]

function makeSqlite(before = ''): WritableDatabase {
  const path = makeDatabase(`${before} ${setup.join(';')}`)
  const within = <T>(work: (database: DatabaseSyncInstance) => T): T => {
    const database = new DatabaseSync(path, { timeout: 5000 })
    try {
      return work(database)
    } finally {
      database.close()
    }
  }
  return {
    url: `sqlite:${path}`,
    writableUrl: `sqlite:${path}`,
    rows: async (sql) =>
      within((database) =>
        (database.prepare(sql).all() as object[]).map((row) => Object.values(row).map(String)),
      ),
    run: async (sql) => within((database) => database.exec(sql)),
  }
}

async function makePostgresShop(): Promise<WritableDatabase> {
  const writer = await makeRole()
  const reader = await makeRole()
  const database = await makePostgres(
    `${setup.join(';')};GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${reader};
     GRANT SELECT, INSERT, UPDATE, DELETE ON orders TO ${writer}`,
  )
  return {
    url: database.url(reader),
    writableUrl: database.url(writer),
    rows: async (sql) => (await database.run(sql)).map((row) => row.map(String)),
    run: async (sql) => void (await database.run(sql)),
  }
}

async function makeMysqlShop(): Promise<WritableDatabase> {
  const [server] = servers
  if (server === undefined) throw new Error('There is no MariaDB.')
  const { url, admin } = await makeMysqlDatabase(server, setup)
  return {
    url,
    // Another spelling of the same: the tests have one user.
    writableUrl: url.replace('root@', 'root:@'),
    async rows(sql) {
      const [rows] = await admin.query({ sql, rowsAsArray: true })
      return (rows as unknown[][]).map((row) => row.map(String))
    },
    run: async (sql) => void (await admin.query(sql)),
  }
}

/** Tools of most tests; more can be given. */
export const toolsYaml = `
  ship_order:
    description: Marks one order as shipped.
    source: shop
    effect: write
    parameters:
      id: { type: integer }
      status: { type: string, default: shipped }
    sql: UPDATE orders SET status = :status WHERE id = :id
  ship_above:
    description: Marks the orders above a total as shipped.
    source: shop
    effect: write
    affected: 2
    parameters: { total: { type: integer } }
    sql: UPDATE orders SET status = 'shipped' WHERE total > :total
  add_order:
    description: Adds an order.
    source: shop
    effect: write
    parameters: { id: { type: integer }, status: { type: string } }
    sql: INSERT INTO orders (id, status, total) VALUES (:id, :status, 0)
  remove_order:
    description: Removes an order.
    source: shop
    effect: write
    parameters: { id: { type: integer } }
    sql: DELETE FROM orders WHERE id = :id
`

export interface ShopConfig {
  /** Further tools, indented like those. */
  readonly tools?: string
  /** Further sections. */
  readonly more?: string
  /** Of the source, in braces. */
  readonly limits?: string
}

export function writeShopConfig(
  { url, writableUrl }: Pick<WritableDatabase, 'url' | 'writableUrl'>,
  { tools = '', more = '', limits = '{}' }: ShopConfig = {},
): string {
  const path = join(scratchFolder(), 'vitrine.yaml')
  writeFileSync(
    path,
    `sources:\n  shop:\n    url: ${JSON.stringify(url)}\n    writable: { url: ${JSON.stringify(writableUrl)} }\n    limits: ${limits}\ntools:${toolsYaml}${tools}\n${more}\n`,
  )
  return path
}

export interface WritingApp {
  readonly app: App
  /** A call by a client that can ask its person, or by one that cannot (`null`). */
  readonly call: (
    tool: string,
    input: object,
    how?: { asking?: Asking | null; actor?: Actor; signal?: AbortSignal },
  ) => Promise<Reply>
  /** The same, with what the person says to the question. */
  readonly confirmed: (
    tool: string,
    input: object,
    decision?: 'accepted' | 'declined' | 'cancelled',
  ) => Promise<Reply>
}

export async function openWritingApp(
  config: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<WritingApp> {
  const app = createApp(await loadConfig(config, env))
  onTestFinished(() => app.close())
  const call: WritingApp['call'] = (
    name,
    input,
    { asking = {}, actor = app.localActor, signal } = {},
  ) => {
    const tool = toolsetsOf(app)(actor).tools.get(name)
    if (tool === undefined) throw new Error(`There is no ${name}.`)
    return app.callTool({
      tool,
      arguments: input,
      context: { signal: signal ?? AbortSignal.timeout(25_000), actor },
      origin: { transport: 'http' },
      asking: asking ?? undefined,
    })
  }
  return {
    app,
    call,
    async confirmed(tool, input, decision = 'accepted') {
      const { question } = await call(tool, input)
      if (question === undefined) throw new Error('Nobody was asked.')
      return call(tool, input, { asking: { response: { state: question.state, decision } } })
    },
  }
}

/** The code of the error that a call ends with, or its answer. */
export const outcomeOf = (reply: Promise<Reply>): Promise<unknown> =>
  reply.then(
    ({ answer }) => answer,
    (error: { code: string }) => error.code,
  )
