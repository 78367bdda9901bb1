import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runHere } from '../../support/command-here.ts'
import {
  brokenIn,
  callTool,
  engines,
  openTools,
  toolConfig,
  type ToolChange,
} from '../../support/curated.ts'
import { hasPostgres, makePostgres } from '../../support/postgres.ts'
import { makeDatabase, scratchFolder } from '../../support/scratch.ts'
import { RawServer } from '../../support/serve.ts'
import { shared } from '../../support/shared.ts'

const setup = [
  'CREATE TABLE orders (id INTEGER, status VARCHAR(20), secret VARCHAR(20))',
  "INSERT INTO orders VALUES (1, 'paid', 'x')",
]

/** Statements that are wrong, and what is said of them, with the part of the statement it is about. */
const wrong: readonly (readonly [sql: string, at: string, message: RegExp, change?: ToolChange])[] =
  [
    ['select id, statsu from orders', 'statsu', /did you mean/i],
    ['select id from order_items', 'order_items', /orders/],
    ['select no_such(id) from orders', 'no_such', /no_such/i],
    ['select id, secret from orders', 'secret', /secret/, {}],
    ['delete from orders', 'delete', /reading|reads/],
    ['update orders set id = 1', 'update', /reading|reads|change/],
    ['select 1; select 2', 'select', /2 statements|several statements|one statement/i],
    // Which word an engine stumbles over is its own affair.
    ['select id frm orders where id', '', /./],
    ['select id from orders where id = :nr', ':nr', /no parameter/],
    ['select id from orders where id = ? and 1 = 1', '', /placeholder|syntax error/i],
  ]

describe.each(engines)('on $title', ({ make }) => {
  const url = shared(async (_key: string, whenDone) => make(setup, whenDone))

  test('a statement that does not fit is told, with the place in it', async () => {
    const tools = wrong.map(([sql], index) => toolConfig(sql, { name: `wrong_${index}` }))
    const app = await openTools(await url(''), tools, { columns: { 'orders.secret': 'hide' } })
    const broken = await brokenIn(app)
    for (const [index, [sql, at, message]] of wrong.entries()) {
      const [flaw] = broken.get(`wrong_${index}`) ?? []
      expect({ ...flaw, sql }).toMatchObject({
        sql,
        path: ['sql'],
        message: expect.stringMatching(message) as string,
      })
      expect(sql.slice(...(flaw?.span ?? []))).toContain(at)
    }
  })

  test('nothing is run: not even a statement that would never end', async () => {
    const sql = `with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n`
    const app = await openTools(await url(''), [toolConfig(sql)])
    expect([...(await brokenIn(app))]).toEqual([])
  })

  test('a model is told that no argument helps, and nothing of tables and columns', async () => {
    const app = await openTools(await url(''), [
      toolConfig('select id, statsu from orders where id = :id', {
        parameters: { id: { type: 'integer' } },
      }),
    ])
    const { detail, ...told } = await callTool(app, ['asked', { id: 1 }])
    expect(told).toEqual({
      code: 'config_invalid',
      message: 'The statement of the tool asked does not fit its database.',
      hint: expect.stringMatching(/^No other arguments help: tell the person/) as string,
    })
    expect(detail).toMatch(/statsu/)
  })
})

test('parameters and columns that do not fit are told', async () => {
  const url = `sqlite:${makeDatabase(setup.join(';'))}`
  const app = await openTools(url, [
    toolConfig(
      'select id as number, status from orders where id = :id and 1 in (:few) and :many = 1',
      {
        parameters: {
          id: { type: 'integer' },
          few: { type: 'object' },
          many: { type: 'array', items: { type: 'integer' } },
          unused: { type: 'integer' },
        },
      },
    ),
    toolConfig('select id as number, status from orders', {
      name: 'columns',
      columns: { number: 'The number', state: 'None such' },
    }),
  ])
  const broken = await brokenIn(app)
  expect(broken.get('asked')).toEqual([
    { path: ['parameters', 'few'], message: expect.stringMatching(/^no database takes/) as string },
    { path: ['parameters', 'unused'], message: 'the statement has no :unused.' },
    {
      path: ['sql'],
      span: [75, 80],
      message: 'a list stands alone in IN (:many), or before IS NULL.',
    },
  ])
  expect(broken.get('columns')).toEqual([
    {
      path: ['columns', 'state'],
      message: 'the statement gives no such column. Did you mean "status"?',
    },
  ])
})

test.skipIf(!hasPostgres)('PostgreSQL compares types before anything is run', async () => {
  const database = await makePostgres(
    `CREATE TYPE state AS ENUM ('new', 'paid'); CREATE TABLE orders (id int, state state);
     INSERT INTO orders VALUES (1, 'paid')`,
  )
  const parameters = { state: { type: 'string' } }
  const app = await openTools(database.url(), [
    toolConfig('select id from orders where state = :state', { parameters }),
    toolConfig('select id from orders where state = :state::state', { name: 'cast', parameters }),
    toolConfig('select id from orders where id = :state', { name: 'number', parameters }),
  ])
  const broken = await brokenIn(app)
  expect([...broken.keys()]).toEqual(['asked', 'number'])
  expect(broken.get('asked')?.[0]?.message).toMatch(/state = text.*cast/)
  expect((await callTool(app, ['cast', { state: 'paid' }]))['rows']).toEqual([[1]])
  expect(await callTool(app, ['cast', { state: 'lost' }])).toMatchObject({
    code: 'query_failed',
    hint: 'The database cannot compute with these values; try others of state.',
  })
})

function writeConfig(): string {
  const folder = scratchFolder()
  makeDatabase(setup.join(';'), join(folder, 'shop.db'))
  const config = join(folder, 'vitrine.yaml')
  writeFileSync(
    config,
    `sources: { shop: { url: sqlite:./shop.db, limits: { timeout: 20s } } }
tools:
  good:
    description: All orders.
    source: shop
    sql: select id from orders
  block:
    description: x
    source: shop
    sql: |

      -- a statement of several lines
      select id,
        statsu
      from orders
  folded:
    description: x
    source: shop
    parameters: { id: { type: integer }, far: { type: integer } }
    sql: >-
      select id from orders
      where id = :id
        and id = :id2
  quoted:
    description: x
    source: shop
    sql: "select id from ordres"
    columns: { id: y }
`,
  )
  return config
}

test('vitrine check tells line and column of the file', async () => {
  const { code, stdout } = await runHere(['check', writeConfig(), '--json'])
  expect(code).toBe(2)
  const { mistakes } = JSON.parse(stdout) as { mistakes: Record<string, unknown>[] }
  const shown = mistakes.map(({ line, column, path, message }) => ({ line, column, path, message }))
  expect(shown).toMatchObject([
    { line: 14, column: 9, path: ['tools', 'block', 'sql'] },
    { line: 19, column: 42, path: ['tools', 'folded', 'parameters', 'far'] },
    { line: 23, column: 18, path: ['tools', 'folded', 'sql'] },
    { line: 27, column: 26, path: ['tools', 'quoted', 'sql'] },
  ])
  expect(mistakes[0]?.['message']).toMatch(/statsu.*status/i)
  const shownToPeople = await runHere(['check', writeConfig()])
  expect(shownToPeople.stdout).toMatch(/✓ tool good\n✗ tool block: 1 mistake\n✗ tool folded: 2/)
})

test('a tool of a source that has a mistake is not called right', async () => {
  const config = join(scratchFolder(), 'vitrine.yaml')
  writeFileSync(
    config,
    `sources: { shop: { url: sqlite:./none.db } }
tools: { asked: { description: x, source: shop, sql: select 1 } }
`,
  )
  const { code, stdout } = await runHere(['check', config])
  expect([code, stdout]).toEqual([2, expect.stringContaining('✗ shop: 1 mistake') as string])
  expect(stdout).toContain('! tool asked: its statement was not checked, for shop has a mistake')
})

test('a server leaves out what does not fit, says so, and serves the others', async () => {
  const server = new RawServer(writeConfig())
  await server.initialize()
  server.send({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
  const { result } = (await server.answerTo(1)) as { result?: { tools: { name: string }[] } }
  const names = result?.tools.map(({ name }) => name) ?? []
  expect(names.slice(-1)).toEqual(['good'])
  expect(names).not.toContain('block')
  expect(server.stderr).toMatch(/the tool block is left out.*statsu/s)
  expect(server.stderr).toMatch(/the tool folded is left out/)
  expect(await server.call(2, 'good', {})).toMatchObject({
    result: { structuredContent: { rows: [[1]] } },
  })
  server.process.stdin.end()
  expect(await server.ended()).toBe(0)
})

test('a tool whose database cannot be reached is served: it comes back with it', async () => {
  const app = await openTools(`sqlite:${join(scratchFolder(), 'none.db')}`, [
    toolConfig('select 1'),
  ])
  expect([...(await brokenIn(app))]).toEqual([])
  expect(await callTool(app, ['asked', {}])).toMatchObject({ code: 'source_unavailable' })
})
