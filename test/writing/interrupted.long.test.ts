import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { hasServer } from '../support/mysql.ts'
import { hasPostgres, server } from '../support/postgres.ts'
import { Proxy } from '../support/proxy.ts'
import {
  engines,
  openWritingApp,
  outcomeOf,
  type WritableDatabase,
  writeShopConfig,
} from '../support/writing.ts'

const status = async (database: WritableDatabase): Promise<unknown> =>
  (await database.rows('SELECT status FROM orders WHERE id = 1'))[0]?.[0]

const holdLock = `
  const { DatabaseSync } = require('@photostructure/sqlite')
  new DatabaseSync(process.argv[1]).exec('BEGIN IMMEDIATE')
  console.log('held')
  setInterval(() => undefined, 1000)`

type Lock = (database: WritableDatabase) => Promise<() => Promise<void>>

/** Somebody else who is in the middle of writing the first order; gives what ends that. */
const locks: Readonly<Record<string, Lock>> = {
  async SQLite({ url }) {
    // Another process: a lock of this one goes with any file handle that it closes (https://sqlite.org/howtocorrupt.html).
    const holder = spawn(process.execPath, ['-e', holdLock, url.slice('sqlite:'.length)])
    onTestFinished(() => void holder.kill('SIGKILL'))
    await once(holder.stdout, 'data')
    return async () => {
      holder.kill('SIGKILL')
      await once(holder, 'exit')
    }
  },
  async PostgreSQL({ url }) {
    const client = new pg.Client({ ...server, database: url.split('/').at(-1) ?? '' })
    client.on('error', () => undefined)
    await client.connect()
    await client.query("BEGIN; UPDATE orders SET status = 'theirs' WHERE id = 1")
    return () => client.end()
  },
  async MariaDB({ url }) {
    const connection = await createConnection(url.replace(/^mariadb:/, 'mysql:'))
    await connection.query('BEGIN')
    await connection.query("UPDATE orders SET status = 'theirs' WHERE id = 1")
    return () => connection.end()
  },
}

const lockable = engines.flatMap((engine) => {
  const lock = locks[engine.title]
  return lock === undefined ? [] : [{ ...engine, lock }]
})

describe.each(lockable)('$title', ({ isThere, make, lock }) => {
  test.skipIf(!isThere)(
    'a change that waits too long for somebody else is not made, then or later',
    async () => {
      const database = await make()
      const { confirmed } = await openWritingApp(
        writeShopConfig(database, { limits: '{ timeout: 1s }' }),
      )
      const release = await lock(database)
      expect(await outcomeOf(confirmed('ship_order', { id: 1 }))).toMatch(
        /^(?:timed_out|too_busy|source_unavailable)$/,
      )
      await release()
      expect(await status(database)).toBe('new')
      expect(await outcomeOf(confirmed('ship_order', { id: 1 }))).toEqual({ affected_rows: 1 })
    },
  )

  test.skipIf(!isThere)('a change whose call is cancelled is not made, then or later', async () => {
    const database = await make()
    const { call } = await openWritingApp(writeShopConfig(database))
    const release = await lock(database)
    const { question } = await call('ship_order', { id: 1 })
    const cancel = new AbortController()
    const response = { state: question?.state ?? '', decision: 'accepted' } as const
    const running = outcomeOf(
      call('ship_order', { id: 1 }, { asking: { response }, signal: cancel.signal }),
    )
    setTimeout(() => cancel.abort(), 300)
    expect(await running).toBe('cancelled')
    await release()
    expect(await status(database)).toBe('new')
    expect(await outcomeOf(call('ship_order', { id: 1 }, { asking: { response } }))).toBe(
      'not_confirmed',
    )
  })

  test.skipIf(!isThere)('a server that ends does not make the change it was about to', async () => {
    const database = await make()
    const { app, confirmed } = await openWritingApp(writeShopConfig(database))
    const release = await lock(database)
    const running = outcomeOf(confirmed('ship_order', { id: 1 }))
    await new Promise((resolve) => setTimeout(resolve, 300))
    await app.close()
    expect(await running).toMatch(/^(?:cancelled|source_unavailable|worker_lost)$/)
    await release()
    expect(await status(database)).toBe('new')
  })
})

const slow = (sql: string): string => `
  ship_slowly:
    description: Takes its time.
    source: shop
    effect: write
    sql: ${sql}
`

const fill = `
  fill_big:
    description: Writes a lot.
    source: shop
    effect: write
    affected: 10000
    whole_table: true
    sql: UPDATE big SET v = randomblob(600)
`

test.each(engines.slice(0, 2))(
  '$title: what a process left behind that was killed in the middle of writing is undone before anybody reads',
  async ({ make }) => {
    const database = await make()
    await database.run(
      'CREATE TABLE big(v); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) INSERT INTO big SELECT zeroblob(600) FROM n',
    )
    const { call, confirmed } = await openWritingApp(
      writeShopConfig(database, { tools: fill, limits: '{ timeout: 400ms }' }),
    )
    // Whichever comes first on this machine: its deadline, or that it counts the rows.
    expect(await outcomeOf(confirmed('fill_big', {}))).toMatch(/^(?:timed_out|change_too_large)$/)
    const query = 'SELECT count(*) FROM big WHERE v <> zeroblob(600)'
    const read = async () => (await call('query_database', { query })).answer['rows']
    await vi.waitFor(async () => expect(await read()).toEqual([[0]]), { timeout: 10_000 })
    expect(await outcomeOf(confirmed('ship_order', { id: 1 }))).toEqual({ affected_rows: 1 })
  },
)

/** A statement that takes seconds, and how whoever runs the server ends what runs it. */
const endings = [
  {
    title: 'PostgreSQL',
    isThere: hasPostgres,
    sql: "UPDATE orders SET status = 'slow', total = (SELECT 1 FROM pg_sleep(5)) WHERE id = 1",
    port: server.port,
    kill: ({ run }: WritableDatabase) =>
      run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(5)%' AND pid <> pg_backend_pid()",
      ),
  },
  {
    title: 'MariaDB',
    isThere: hasServer,
    sql: "UPDATE orders SET status = 'slow', total = SLEEP(5) WHERE id = 1",
    port: 3306,
    async kill({ rows, run }: WritableDatabase) {
      const found = await rows(
        "SELECT id FROM information_schema.processlist WHERE info LIKE '%SLEEP(5)%' AND id <> CONNECTION_ID()",
      )
      for (const [id] of found) await run(`KILL ${id}`)
    },
  },
]

describe.each(endings)('$title', ({ title, isThere, sql, port, kill }) => {
  const engine = engines.find((one) => one.title === title)

  test.skipIf(!isThere)(
    'a connection that is killed in the middle of a change undoes it, and that is said',
    async () => {
      const database = await engine?.make()
      if (database === undefined) return
      const { confirmed } = await openWritingApp(
        writeShopConfig(database, { tools: slow(sql), limits: '{ timeout: 20s }' }),
      )
      const running = outcomeOf(confirmed('ship_slowly', {}))
      const ended = vi.fn<() => void>()
      void running.then(() => ended())
      await vi.waitFor(async () => (await kill(database), expect(ended).toHaveBeenCalled()), {
        timeout: 15_000,
        interval: 200,
      })
      expect(await running).toBe('source_unavailable')
      expect(await status(database)).toBe('new')
    },
  )

  test.skipIf(!isThere)('a change that runs into its deadline is undone at once', async () => {
    const database = await engine?.make()
    if (database === undefined) return
    const { confirmed } = await openWritingApp(
      writeShopConfig(database, { tools: slow(sql), limits: '{ timeout: 500ms }' }),
    )
    expect(await outcomeOf(confirmed('ship_slowly', {}))).toBe('timed_out')
    expect(await status(database)).toBe('new')
    expect(await outcomeOf(confirmed('ship_order', { id: 1 }))).toEqual({ affected_rows: 1 })
  })

  test.skipIf(!isThere)(
    'a commit whose answer is lost is told as one that nobody knows of, and not done again',
    async () => {
      const database = await engine?.make()
      if (database === undefined) return
      /** Cut once so many bytes have come from the server. */
      const cutAfter = async (bytes: number): Promise<unknown> => {
        const proxy = await Proxy.before('127.0.0.1', port)
        const writableUrl = database.writableUrl.replace(/@[^/]*/, `@127.0.0.1:${proxy.port}`)
        const config = writeShopConfig({ url: database.url, writableUrl })
        const { confirmed, app } = await openWritingApp(config)
        await database.run("UPDATE orders SET status = 'new' WHERE id = 1")
        proxy.cutAfter(bytes)
        const outcome = await outcomeOf(confirmed('ship_order', { id: 1 }))
        await app.close()
        proxy.close()
        const now = await status(database)
        const told: Readonly<Record<string, readonly unknown[]>> = {
          source_unavailable: ['new'],
          outcome_unknown: ['new', 'shipped'],
        }
        expect(told[String(outcome)] ?? ['shipped']).toContain(now)
        return outcome
      }
      let [least, most] = [0, 8192]
      while (most - least > 1) {
        const middle = Math.floor((least + most) / 2)
        if (typeof (await cutAfter(middle)) === 'string') least = middle
        else most = middle
      }
      // The last bytes are those that say that it was committed.
      expect(await cutAfter(most - 3)).toBe('outcome_unknown')
      expect(await cutAfter(most - 120)).toBe('source_unavailable')
    },
    120_000,
  )
})
