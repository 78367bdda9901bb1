import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import {
  AppError,
  createVitrine,
  defineTool,
  type DefinedTool,
  type QueryOptions,
  type Vitrine,
} from '../../dist/library/index.js'
import { makeDatabase } from '../support/scratch.ts'

const shop = `CREATE TABLE orders (id INTEGER PRIMARY KEY, cents INTEGER);
  INSERT INTO orders VALUES (1, 1999), (2, 500);
  CREATE TABLE salaries (cents INTEGER);`

async function open(tools: readonly DefinedTool[] = [], more: object = {}): Promise<Vitrine> {
  const url = `sqlite:${makeDatabase(shop)}`
  const config = { sources: { shop: { url, tables: ['orders'] } }, ...more }
  const vitrine = await createVitrine({ config, tools })
  onTestFinished(() => vitrine.close())
  return vitrine
}

const totalAbove = defineTool({
  name: 'total_above',
  description: 'The sum of all orders above an amount.',
  input: z.object({ cents: z.int().min(0) }),
  source: 'shop',
  async run({ cents }, { query, actor }) {
    const { rows } = await query('shop', 'SELECT sum(cents) FROM orders WHERE cents > :cents', {
      values: { cents },
    })
    return { total: rows[0]?.[0], for: actor.id }
  },
})

const failing = (run: () => Promise<never>): DefinedTool<object> =>
  defineTool({ name: 'failing', description: 'Fails.', input: z.object({}), run })

test('a program asks as a client does', async () => {
  const vitrine = await open()
  const { rows } = await vitrine.call('query_database', { query: 'SELECT count(*) FROM orders' })
  expect(rows).toEqual([[2]])
  await expect(
    vitrine.call('query_database', { query: 'DELETE FROM orders' }),
  ).rejects.toMatchObject({
    code: 'statement_refused',
  })
  await expect(vitrine.call('query_databse')).rejects.toMatchObject({ code: 'unknown_tool' })
})

test('a tool of one’s own is listed with its schema, and asks its source through the guard', async () => {
  const vitrine = await open([totalAbove])
  expect(vitrine.tools.find(({ name }) => name === 'total_above')).toMatchObject({
    title: 'Total above',
    inputSchema: {
      type: 'object',
      properties: { cents: { type: 'integer', minimum: 0 } },
      required: ['cents'],
    },
    annotations: { readOnlyHint: true },
  })
  expect(await vitrine.call('total_above', { cents: 600 })).toEqual({ total: 1999, for: 'local' })
})

const echo = (values: NonNullable<QueryOptions['values']>, statement: string): DefinedTool =>
  defineTool({
    name: 'echo',
    description: 'Gives values back.',
    input: z.object({}),
    run: async (_, { query }) => ({ rows: (await query('shop', statement, { values })).rows }),
  })

test.each([
  [{ a: "'; DROP TABLE orders --" }, 'SELECT :a', [["'; DROP TABLE orders --"]]],
  [{ a: 7, b: 1.5, c: true, d: null }, 'SELECT :a, :b, :c, :d', [[7, 1.5, 1, null]]],
  [{ a: 9_007_199_254_740_993n }, 'SELECT :a', [['9007199254740993']]],
  [{ a: [1, 2, 3] }, 'SELECT count(*) FROM orders WHERE id IN (:a)', [[2]]],
  [{ a: [] }, 'SELECT count(*) FROM orders WHERE id IN (:a)', [[0]]],
])(
  'values are bound to a statement of a tool, and never part of it: %o',
  async (values, statement, rows) => {
    const vitrine = await open([echo(values, statement)])
    expect(await vitrine.call('echo')).toEqual({ rows })
  },
)

test('arguments that do not fit are told with their place', async () => {
  const vitrine = await open([totalAbove])
  await expect(vitrine.call('total_above', { cents: -1 })).rejects.toThrow(
    /Wrong arguments for total_above: cents: /,
  )
})

test('what is closed to somebody is closed to their tools', async () => {
  const peek = defineTool({
    name: 'peek',
    description: 'Looks where it may not.',
    input: z.object({ table: z.string() }),
    run: async ({ table }, { query }) => ({ ...(await query('shop', `SELECT * FROM ${table}`)) }),
  })
  const vitrine = await open([peek, totalAbove])
  await expect(vitrine.call('peek', { table: 'salaries' })).rejects.toMatchObject({
    code: 'not_open',
  })
  const actor = { id: 'ana', claims: {}, tools: 'all', sources: ['other'] } as const
  await expect(vitrine.call('peek', { table: 'orders' }, { actor })).rejects.toMatchObject({
    code: 'unknown_source',
  })
  await expect(vitrine.call('total_above', { cents: 1 }, { actor })).rejects.toMatchObject({
    code: 'unknown_tool',
  })
})

test('what a tool throws says nothing of itself, unless it is meant to', async () => {
  const silent = await open([failing(() => Promise.reject(new Error('password=secret')))])
  await expect(silent.call('failing')).rejects.toMatchObject({
    code: 'tool_failed',
    message: 'failing failed.',
  })
  const unchecked = z.object({}).refine(() => {
    throw new Error('password=secret')
  })
  const odd = defineTool({
    name: 'odd',
    description: 'Fails.',
    input: unchecked,
    run: async () => '',
  })
  await expect((await open([odd])).call('odd')).rejects.toMatchObject({
    code: 'tool_failed',
    message: 'odd failed.',
  })
  const meant = new AppError('rate_limited', 'The exchange is closed.')
  const telling = await open([failing(() => Promise.reject(meant))])
  await expect(telling.call('failing')).rejects.toBe(meant)
})

const told = async (answer: unknown) =>
  (await open([failing(async () => answer as never)])).call('failing')

test('an answer is a JSON object or a text, and no larger than a client takes', async () => {
  expect(await told('done')).toEqual({ text: 'done' })
  expect(await told({ done: true })).toEqual({ done: true })
  const circle: Record<string, unknown> = {}
  circle['again'] = circle
  for (const none of [undefined, circle, { n: 1n }])
    await expect(told(none)).rejects.toMatchObject({ code: 'tool_failed' })
  await expect(told({ text: 'x'.repeat(200_001) })).rejects.toMatchObject({
    code: 'result_too_large',
  })
})

test('a cancel reaches the tool', async () => {
  const waiting = defineTool({
    name: 'waiting',
    description: 'Waits.',
    input: z.object({}),
    run: (_, { signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason)),
      ),
  })
  const vitrine = await open([waiting])
  const asked = vitrine.call('waiting', {}, { signal: AbortSignal.timeout(20) })
  await expect(asked).rejects.toMatchObject({ code: 'cancelled' })
})

test.each([
  [{ name: 'Bad name' }, /a name is up to 63/],
  [{ description: ' ' }, /a description is missing/],
  [{ input: z.string() }, /its input must be an object/],
  [{ input: z.object({ at: z.date() }) }, /cannot be told as JSON Schema/],
  [{ long: true }, /needs a source/],
])('what cannot be a tool is refused where it is defined: %j', (change, message) => {
  const right = { name: 'right', description: 'Right.', input: z.object({}), run: async () => ({}) }
  expect(() => defineTool({ ...right, ...change } as typeof right)).toThrow(message)
})

test.each([
  [[totalAbove, totalAbove], /two tools called total_above/],
  [[{ ...totalAbove, name: 'get_schema' }], /two tools called get_schema/],
  [[{ ...totalAbove, source: 'shp' }], /there is no source shp/],
])('tools that do not go together are refused', async (tools, message) => {
  await expect(open(tools)).rejects.toThrow(message)
})

test('a mistake in a config of a program is told with its path', async () => {
  const config = { sources: { shop: { url: 'sqlite:./shop.db', tabels: [] } } }
  await expect(createVitrine({ config })).rejects.toThrow(
    'sources.shop.tabels: unknown key. Did you mean "tables"?',
  )
})
