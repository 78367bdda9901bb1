import { expect, onTestFinished, test } from 'vitest'
import { createApp } from '../../dist/app/app.js'
import { defaultConfig } from '../../dist/config/config.js'
import { toInstructions } from '../../dist/server/instructions.js'
import { toListedTool } from '../../dist/tools/listed-tool.js'
import type { Answer, Tool } from '../../dist/tools/tool.js'
import { createTools } from '../../dist/tools/tools.js'
import { noSignal, sourceConfig } from '../support/open.ts'
import { makeDatabase } from '../support/scratch.ts'
import { toolNames } from '../support/serve.ts'

function openTwo(): { tools: readonly Tool[]; instructions: string } {
  const app = createApp({
    ...defaultConfig,
    name: 'test',
    sources: [
      sourceConfig(makeDatabase('CREATE TABLE a(x); INSERT INTO a VALUES (1)'), {
        name: 'shop',
        description: 'Orders',
      }),
      sourceConfig(makeDatabase('CREATE TABLE b(x); INSERT INTO b VALUES (2)'), {
        name: 'staff',
        context: 'Pay is yearly.',
      }),
    ],
  })
  onTestFinished(() => app.close())
  return {
    tools: createTools(app),
    instructions: toInstructions({ ...app, tools: createTools(app) }),
  }
}

const call = (tools: readonly Tool[], name: string, input: object): Promise<Answer> => {
  const tool = tools.find((one) => one.name === name)
  if (tool === undefined) throw new Error(`There is no tool ${name}.`)
  return tool.run(input, { signal: noSignal })
}

test('with several sources every tool asks which, and names them', async () => {
  const { tools, instructions } = openTwo()
  for (const tool of tools) {
    const { source } = toListedTool(tool).inputSchema['properties'] as Record<
      string,
      { enum: string[]; description: string }
    >
    expect(source?.enum).toEqual(['shop', 'staff'])
    expect(source?.description).toMatch(/shop: Orders/)
  }
  expect(instructions).toMatch(/shop \(sqlite\): Orders; staff \(sqlite\)/)
  expect(instructions).toMatch(/About staff: Pay is yearly\./)
  expect(
    await call(tools, 'query_database', { source: 'staff', query: 'SELECT x FROM b' }),
  ).toMatchObject({ rows: [[2]] })
  expect(await call(tools, 'get_schema', { source: 'shop' })).toMatchObject({
    source: 'shop',
    schema: 'a(x) ~1 rows',
  })
})

test.each([
  [{ query: 'SELECT 1' }, /^Which source\?/, /^Sources: shop, staff\.$/],
  [{ query: 'SELECT 1', source: null }, /^Which source\?/, /shop, staff/],
  [{ query: 'SELECT 1', source: 'shp' }, /no source shp/, /^Did you mean "shop"\? Sources: /],
])('%j is told which sources there are', async (input, message, hint) => {
  const { tools } = openTwo()
  await expect(call(tools, 'query_database', input)).rejects.toMatchObject({
    code: 'unknown_source',
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  })
})

test('with one source its name is taken, and another one is not', async () => {
  const app = createApp({
    ...defaultConfig,
    name: 'test',
    sources: [sourceConfig(makeDatabase('SELECT 1'), { name: 'shop' })],
  })
  onTestFinished(() => app.close())
  const tools = createTools(app)
  const ask = (source: string | null) =>
    call(tools, 'query_database', { query: 'SELECT 1', source })
  for (const source of ['shop', '', null]) expect(await ask(source)).toMatchObject({ rows: [[1]] })
  await expect(ask('shp')).rejects.toMatchObject({ code: 'unknown_source' })
})

test('with one source no tool lists the argument, and the whole list stays below 700 tokens', () => {
  const app = createApp({
    ...defaultConfig,
    name: 'test',
    sources: [sourceConfig('/x.db', { name: 'shop' })],
    jobs: { ...defaultConfig.jobs, store: 'sqlite:/x/jobs.db' },
  })
  const listed = createTools(app).map(toListedTool)
  expect(listed.map(({ name }) => name)).toEqual(toolNames)
  expect(JSON.stringify(listed)).not.toMatch(/"source"/)
  expect(JSON.stringify(listed).length / 4).toBeLessThan(700)
})

test.each([
  [0, {}, /: query is missing\.$/],
  [0, { query: 5 }, /query must be text, not 5\.$/],
  [0, { query: '' }, /query must be text, not an empty one/],
  [0, { query: null }, /query must be text, not null/],
  [0, { query: 'SELECT 1', limit: 0 }, /limit must be a whole number from 1 to 500, not 0\.$/],
  [0, { query: 'SELECT 1', limit: 501 }, /from 1 to 500, not 501/],
  [0, { query: 'SELECT 1', limit: '501' }, /from 1 to 500, not "501"/],
  [0, { query: 'SELECT 1', limit: 1.5 }, /a whole number/],
  [0, { query: 'SELECT 1', limit: [5] }, /not a list/],
  [0, { sql: 'SELECT 1' }, /query is missing; there is no argument "sql" \(did you mean query\?\)/],
  [0, 'SELECT 1', /they must be a JSON object, not "SELECT 1"/],
  [1, { table: 'orders' }, /no argument "table" \(did you mean table_name\?\)/],
  [1, { search: 'x'.repeat(201) }, /search must be text of at most 200 characters, not "x+…/],
  [1, { nothing: 1 }, /no argument "nothing"\.$/],
])('wrong arguments are told in sentences: tool %i, %j', async (index, input, message) => {
  const app = createApp({ ...defaultConfig, name: 'test', sources: [sourceConfig('/x.db')] })
  const tool = createTools(app)[index]
  const error: unknown = await tool
    ?.run(input, { signal: noSignal })
    .catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({
    code: 'invalid_input',
    message: expect.stringMatching(message),
    hint: expect.stringMatching(/^Its arguments are (query, limit|table_name, search)\.$/),
  })
})

test('arguments that are left out in other words, and numbers in quotes, are taken as meant', async () => {
  const app = createApp({
    ...defaultConfig,
    name: 'test',
    sources: [sourceConfig(makeDatabase('CREATE TABLE t(a)'))],
  })
  onTestFinished(() => app.close())
  const tools = createTools(app)
  const values = 'VALUES (1), (2), (3)'
  expect(await call(tools, 'query_database', { query: values, limit: '2' })).toMatchObject({
    row_count: 2,
  })
  expect(await call(tools, 'query_database', { query: values, limit: null })).toMatchObject({
    row_count: 3,
  })
  expect(await call(tools, 'get_schema', { table_name: '', search: null })).toMatchObject({
    tables: 1,
  })
})
