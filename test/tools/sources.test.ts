import { expect, onTestFinished, test } from 'vitest'
import { createApp } from '../../dist/app.js'
import { toInstructions } from '../../dist/server/instructions.js'
import { toListedTool } from '../../dist/tools/listed-tool.js'
import type { Answer, Tool } from '../../dist/tools/tool.js'
import { createTools } from '../../dist/tools/tools.js'
import { noSignal, sourceConfig } from '../support/open.ts'
import { makeDatabase } from '../support/scratch.ts'

function openTwo(): { tools: readonly Tool[]; instructions: string } {
  const app = createApp({
    claims: {},
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
  return { tools: createTools(app.sources), instructions: toInstructions(app.sources) }
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

test('a call without a source, or with a wrong one, is told which there are', async () => {
  const { tools } = openTwo()
  await expect(call(tools, 'query_database', { query: 'SELECT 1' })).rejects.toMatchObject({
    code: expect.stringMatching(/invalid_input|unknown_source/),
    message: expect.stringMatching(/source/),
  })
  await expect(
    call(tools, 'query_database', { source: 'shp', query: 'SELECT 1' }),
  ).rejects.toMatchObject({
    message: expect.stringMatching(/"shop"\|"staff"|shop.*staff/),
  })
})

test('with one source no tool lists the argument, and the whole list stays below 700 tokens', () => {
  const app = createApp({
    claims: {},
    name: 'test',
    sources: [sourceConfig('/x.db', { name: 'shop' })],
  })
  const listed = createTools(app.sources).map(toListedTool)
  expect(JSON.stringify(listed)).not.toMatch(/"source"/)
  expect(JSON.stringify(listed).length / 4).toBeLessThan(700)
})

test.each([
  [{}, /query: /],
  [{ query: 5 }, /query: .*string/],
  [{ query: 'SELECT 1', limit: 0 }, /limit: .*1/],
  [{ query: 'SELECT 1', limit: 501 }, /limit: .*500/],
  [{ query: 'SELECT 1', sql: 'SELECT 1' }, /"sql"/],
  ['SELECT 1', /object/],
])('wrong arguments %j are named', async (input, message) => {
  const app = createApp({ claims: {}, name: 'test', sources: [sourceConfig('/x.db')] })
  const [query] = createTools(app.sources)
  await expect(query?.run(input, { signal: noSignal })).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringMatching(message),
  })
})
