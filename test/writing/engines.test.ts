import { describe, expect, onTestFinished, test } from 'vitest'
import { hasPgbouncer, startPgbouncer } from '../support/pgbouncer.ts'
import { engines, openWritingApp, outcomeOf, writeShopConfig } from '../support/writing.ts'

const statuses = 'SELECT id, status FROM orders ORDER BY id'
const untouched = ['1', '2', '3', '4', '5'].map((id) => [id, 'new'])

describe.each(engines)('$title', ({ isThere, make }) => {
  test.skipIf(!isThere)(
    'a change that was confirmed is made, and its rows are counted',
    async () => {
      const database = await make()
      const { confirmed } = await openWritingApp(writeShopConfig(database))
      expect((await confirmed('ship_order', { id: 2 })).answer).toEqual({ affected_rows: 1 })
      expect((await confirmed('add_order', { id: 9, status: "o'clock" })).answer).toEqual({
        affected_rows: 1,
      })
      expect((await confirmed('remove_order', { id: 5 })).answer).toEqual({ affected_rows: 1 })
      expect((await confirmed('remove_order', { id: 77 })).answer).toMatchObject({
        affected_rows: 0,
        hint: expect.stringContaining('No row') as string,
      })
      expect(await database.rows(statuses)).toEqual([
        ['1', 'new'],
        ['2', 'shipped'],
        ['3', 'new'],
        ['4', 'new'],
        ['9', "o'clock"],
      ])
    },
  )

  test.skipIf(!isThere)('a change of more rows than it may is undone whole', async () => {
    const database = await make()
    const { confirmed } = await openWritingApp(writeShopConfig(database))
    expect(await outcomeOf(confirmed('ship_above', { total: 20 }))).toBe('change_too_large')
    expect(await database.rows(statuses)).toEqual(untouched)
    expect((await confirmed('ship_above', { total: 30 })).answer).toEqual({ affected_rows: 2 })
  })

  test.skipIf(!isThere)(
    'what the database does not take changes nothing, and is told',
    async () => {
      const database = await make()
      const { confirmed } = await openWritingApp(writeShopConfig(database))
      await expect(confirmed('add_order', { id: 1, status: 'twice' })).rejects.toMatchObject({
        code: 'query_failed',
        hint: expect.stringContaining('nothing was changed') as string,
      })
      expect(await database.rows(statuses)).toEqual(untouched)
    },
  )

  test.skipIf(!isThere)('hostile values are values', async () => {
    const database = await make()
    const { confirmed } = await openWritingApp(writeShopConfig(database))
    const status = "x'; DELETE FROM orders; -- \\' \" ` $1 :id ? /*"
    await confirmed('ship_order', { id: 1, status })
    expect(await database.rows(statuses)).toEqual([['1', status], ...untouched.slice(1)])
  })

  test.skipIf(!isThere)('a source reads on, and does not write', async () => {
    const database = await make()
    const { call, confirmed } = await openWritingApp(writeShopConfig(database))
    const count = { query: 'SELECT count(*) FROM orders' }
    expect((await call('query_database', count)).answer['rows']).toEqual([[5]])
    await confirmed('remove_order', { id: 3 })
    expect((await call('query_database', count)).answer['rows']).toEqual([[4]])
    const query = "UPDATE orders SET status = 'x' WHERE id = 1"
    expect(await outcomeOf(call('query_database', { query }))).toBe('statement_refused')
  })
})

const returning = (sql: string): string => `
  change_and_tell:
    description: Changes and gives back.
    source: shop
    effect: write
    affected: 2
    parameters: { id: { type: integer } }
    sql: ${sql} RETURNING id, status
`

test.each(engines)(
  '$title: what RETURNING gives is the answer, within the rows it may change',
  async ({ title, isThere, make }) => {
    if (!isThere) return
    const isMaria = title === 'MariaDB'
    const sql = isMaria
      ? 'DELETE FROM orders WHERE id >= :id'
      : "UPDATE orders SET status = 'sent' WHERE id >= :id"
    const database = await make()
    const { confirmed } = await openWritingApp(writeShopConfig(database, { tools: returning(sql) }))
    expect(await outcomeOf(confirmed('change_and_tell', { id: 3 }))).toBe('change_too_large')
    expect(await database.rows(statuses)).toEqual(untouched)
    const { answer } = await confirmed('change_and_tell', { id: 4 })
    const status = isMaria ? 'new' : 'sent'
    expect(answer).toMatchObject({
      affected_rows: 2,
      columns: ['id', 'status'],
      rows: [
        [4, status],
        [5, status],
      ],
    })
  },
)

const postgres = engines.find(({ title }) => title === 'PostgreSQL')

test.skipIf(postgres?.isThere !== true)(
  'what PostgreSQL checks only when it commits is undone too, and told',
  async () => {
    const database = await postgres?.make()
    if (database === undefined) return
    await database.run(
      'CREATE TABLE kinds(status TEXT PRIMARY KEY); ' +
        "INSERT INTO kinds VALUES ('new'); " +
        'ALTER TABLE orders ADD FOREIGN KEY (status) REFERENCES kinds DEFERRABLE INITIALLY DEFERRED',
    )
    const { confirmed } = await openWritingApp(writeShopConfig(database))
    expect(await outcomeOf(confirmed('ship_order', { id: 1 }))).toBe('query_failed')
    expect(await database.rows(statuses)).toEqual(untouched)
  },
)

test.skipIf(postgres?.isThere !== true)(
  'a role that may not write there is told of as a mistake of the config',
  async () => {
    const database = await postgres?.make()
    if (database === undefined) return
    await database.run(`REVOKE UPDATE ON orders FROM ${new URL(database.writableUrl).username}`)
    const { confirmed } = await openWritingApp(writeShopConfig(database))
    expect(await outcomeOf(confirmed('ship_order', { id: 1 }))).toBe('config_invalid')
  },
)

test.skipIf(postgres?.isThere !== true)(
  'rows that are not those of who asks are not changed',
  async () => {
    const database = await postgres?.make()
    if (database === undefined) return
    await database.run(
      "ALTER TABLE orders ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON orders USING (id = current_setting('app.own')::int)",
    )
    const path = writeShopConfig(database, {
      more: 'claims: { own: "2" }',
      limits: '{}\n    identity: { app.own: own }',
    })
    const { confirmed } = await openWritingApp(path)
    expect((await confirmed('ship_order', { id: 1 })).answer).toMatchObject({ affected_rows: 0 })
    expect((await confirmed('ship_order', { id: 2 })).answer).toEqual({ affected_rows: 1 })
  },
)

test.skipIf(postgres?.isThere !== true || !hasPgbouncer)(
  'a change goes through a pooler as well',
  async () => {
    const database = await postgres?.make()
    if (database === undefined) return
    const place = await startPgbouncer(onTestFinished)
    const writableUrl = database.writableUrl.replace(/@[^/]*/, `@${place}`)
    const { confirmed } = await openWritingApp(writeShopConfig({ url: database.url, writableUrl }))
    expect((await confirmed('ship_order', { id: 1 })).answer).toEqual({ affected_rows: 1 })
    expect(await outcomeOf(confirmed('ship_above', { total: 0 }))).toBe('change_too_large')
    expect((await database.rows(statuses)).map(([, one]) => one)).toEqual([
      'shipped',
      'new',
      'new',
      'new',
      'new',
    ])
  },
)

const maria = engines.find(({ title }) => title === 'MariaDB')

test.skipIf(maria?.isThere !== true)(
  'a table that cannot undo a change is not written to',
  async () => {
    const database = await maria?.make()
    if (database === undefined) return
    await database.run('ALTER TABLE orders ENGINE = MyISAM')
    const { confirmed } = await openWritingApp(writeShopConfig(database))
    expect(await outcomeOf(confirmed('ship_above', { total: 0 }))).toBe('config_invalid')
    expect(await database.rows(statuses)).toEqual(untouched)
  },
)

test('an answer that was kept is not given again after a change', async () => {
  const [sqlite] = engines
  const database = await sqlite?.make()
  if (database === undefined) return
  const path = writeShopConfig(database, { limits: '{}\n    cache: { results: 5m }' })
  const { call, confirmed } = await openWritingApp(path)
  const count = async () =>
    (await call('query_database', { query: 'SELECT count(*) FROM orders' })).answer['rows']
  expect([await count(), await count()]).toEqual([[[5]], [[5]]])
  await confirmed('remove_order', { id: 1 })
  expect(await count()).toEqual([[4]])
})

test('triggers that keep a text index of SQLite up to date run along', async () => {
  const [sqlite] = engines
  const database = await sqlite?.make()
  if (database === undefined) return
  await database.run(`
    CREATE VIRTUAL TABLE found USING fts5(status);
    CREATE TRIGGER index_status AFTER UPDATE ON orders BEGIN
      DELETE FROM found WHERE rowid = old.id;
      INSERT INTO found(rowid, status) VALUES (new.id, new.status);
    END`)
  const { confirmed } = await openWritingApp(writeShopConfig(database))
  expect((await confirmed('ship_order', { id: 1 })).answer).toEqual({ affected_rows: 1 })
  expect(await database.rows("SELECT rowid FROM found WHERE found MATCH 'shipped'")).toEqual([
    ['1'],
  ])
})
