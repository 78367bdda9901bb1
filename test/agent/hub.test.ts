import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openHub } from '../../dist/agent/hub/hub.js'
import { KeptResults } from '../../dist/agent/hub/kept-results.js'
import { mapResult } from '../../dist/agent/hub/map-result.js'
import { textOf } from '../../dist/agent/messages.js'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { callOn, hubOf } from './hubs.ts'
import { everything, filesystem, log, memory, odd, tool, vitrineOver } from './servers.ts'

const byText = (one: string, other: string): number => (one < other ? -1 : 1)

test('servers of four makers work side by side, in one order', async () => {
  const folder = scratchFolder()
  writeFileSync(join(folder, 'a.txt'), 'Hello from a file')
  const database = makeDatabase('CREATE TABLE t (a); INSERT INTO t VALUES (42)')
  const specs = [
    vitrineOver(database),
    filesystem(folder),
    memory(join(folder, 'memory.json')),
    everything(),
  ]
  const [hub, turned] = await Promise.all([hubOf(specs), hubOf(specs.toReversed())])
  expect(hub.setAside).toEqual([])
  expect(JSON.stringify(turned.definitions)).toBe(JSON.stringify(hub.definitions))
  const query = await callOn(hub, 'shop__query_database', { query: 'SELECT a FROM t' })
  expect(query.text).toMatch(/"rows":\[\[42\]\]/)
  const path = join(folder, 'a.txt')
  expect((await callOn(hub, 'files__read_text_file', { path })).text).toBe('Hello from a file')
  expect((await callOn(hub, 'everything__echo', { message: 'ü' })).text).toMatch(/ü/)
  const entities = [{ name: 'Ada', entityType: 'person', observations: ['counts'] }]
  expect((await callOn(hub, 'memory__create_entities', { entities })).isError).toBe(false)
  expect((await callOn(hub, 'memory__read_graph')).text).toMatch(/Ada/)
})

test('an error of a tool is an error, with its words', async () => {
  const hub = await hubOf([vitrineOver(makeDatabase('CREATE TABLE t (a)'))])
  const { text, isError } = await callOn(hub, 'shop__query_database', { query: 'DELETE FROM t' })
  expect(isError).toBe(true)
  expect(text).toMatch(/statement_refused/)
})

test('a server that is dead, silent or not there is set aside by name, and the others work', async () => {
  const missing = { kind: 'stdio', command: '/nowhere/at-all', args: [], env: {} } as const
  const unreachable = { kind: 'http', url: 'http://127.0.0.1:9/mcp', headers: {} } as const
  const hub = await hubOf(
    [
      { name: 'missing', reach: missing },
      { name: 'unreachable', reach: unreachable },
      odd(log(), { silent: true }, { name: 'silent' }),
      odd(log(), { tools: [tool('fine')] }, { name: 'well' }),
    ],
    { connectMs: 6000 },
  )
  expect(hub.setAside).toEqual([
    { server: 'missing', reason: expect.stringMatching(/cannot be reached\. .*ENOENT/) as string },
    { server: 'unreachable', reason: expect.stringMatching(/cannot be reached\. \S/) as string },
    { server: 'silent', reason: 'The server silent did not start in time.' },
  ])
  expect((await callOn(hub, 'well__fine', { a: 1 })).text).toBe('ran fine {"a":1}')
})

test('a tool that the API would refuse is set aside, and the rest of its server is there', async () => {
  const tools = [
    tool('good'),
    tool('list', { inputSchema: { type: 'array' } }),
    tool('none', { inputSchema: undefined }),
    tool('text', { inputSchema: 'x' }),
    tool('typo', { inputSchema: { type: 'object', properties: { a: { type: 'strnig' } } } }),
    tool('odd-key', { inputSchema: { type: 'object', properties: { 'a b': {} } } }),
    tool('choice', { inputSchema: { anyOf: [{ type: 'string' }, { type: 'object' }] } }),
    tool('half', { inputSchema: { type: 'object', properties: { a: { description: '\ud800' } } } }),
    tool('pattern', { inputSchema: { type: 'object', properties: { a: { pattern: '\\ud83d' } } } }),
    tool('twice'),
    tool('twice'),
    { description: 'no name' },
    null,
  ]
  const hub = await hubOf([odd(log(), { tools })])
  expect(hub.tools.map((one) => one.tool)).toEqual(['good', 'pattern', 'twice'])
  expect(hub.setAside.map((one) => one.tool)).toEqual([
    'list',
    'none',
    'text',
    'typo',
    'odd-key',
    'choice',
    'half',
    'twice',
  ])
})

test('a choice between objects on top becomes one object that takes all of them', async () => {
  const inputSchema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    oneOf: [
      { $ref: '#/$defs/byId' },
      {
        properties: { name: { type: 'string' }, id: { type: 'string' } },
        required: ['name', 'id'],
      },
    ],
    $defs: { byId: { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] } },
  }
  const hub = await hubOf([odd(log(), { tools: [tool('find', { inputSchema })] })])
  expect(hub.definitions[0]?.input_schema).toEqual({
    type: 'object',
    properties: {
      id: { anyOf: [{ type: 'integer' }, { type: 'string' }] },
      name: { type: 'string' },
    },
    required: ['id'],
    $defs: inputSchema.$defs,
  })
})

const refs = (name: string) => Array.from({ length: 500 }, () => ({ $ref: `#/$defs/${name}` }))

test('a schema of few words that stands for choices without end sets its tool aside, and holds nobody up', async () => {
  const $defs = {
    a: { anyOf: refs('b') },
    b: { oneOf: refs('c') },
    c: { allOf: refs('d') },
    d: { properties: { x: {} } },
    round: { anyOf: refs('round') },
  }
  const schemas = [
    { anyOf: refs('a'), $defs },
    { anyOf: refs('round'), $defs },
  ]
  const tools = schemas.map((inputSchema, index) => tool(`wide${index}`, { inputSchema }))
  const hub = await hubOf([odd(log(), { tools: [...tools, tool('fine')] })])
  expect(hub.tools.map((one) => one.tool)).toEqual(['fine'])
})

test('names are unique, in plain characters, and stand for the same tool in every run', async () => {
  const long = 'x'.repeat(100)
  const tools = [tool('a.b'), tool('a_b'), tool(`${long}1`), tool(`${long}2`), tool('plain')]
  const hub = await hubOf([odd(log(), { tools })])
  const names = hub.definitions.map(({ name }) => name).filter((name) => name !== 'read_result')
  expect(new Set(names).size).toBe(5)
  for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/)
  expect(names).toContain('odd__plain')
  expect(names.map((name) => String(hub.toolNamed(name)?.tool)).toSorted(byText)).toEqual(
    tools.map(({ name }) => name).toSorted(byText),
  )
  const again = await hubOf([odd(log(), { tools: tools.toReversed() })])
  expect(again.definitions).toEqual(hub.definitions)
})

test('facts about a tool that there is not are told of: they protect nothing', async () => {
  const facts = { tools: { wipe: { denied: true }, wpie: { denied: true } } }
  const hub = await hubOf([odd(log(), { tools: [tool('wipe')] }, facts)])
  expect(hub.setAside.map((one) => [one.tool, one.reason])).toEqual([
    ['wpie', expect.stringMatching(/no such tool/)],
  ])
})

test('no server takes the name of another one’s tool, however it calls its own', async () => {
  const tools = [tool('x')]
  const twins = ['a.b', 'a_b'].map((name) => odd(log(), { tools }, { name }))
  const [name = ''] = (await hubOf(twins)).definitions.map((one) => one.name)
  const taken = [...tools, tool(name.replace('a_b__', ''))]
  const hub = await hubOf([...twins.slice(0, 1), odd(log(), { tools: taken }, { name: 'a_b' })])
  expect(hub.tools).toHaveLength(3)
  expect(hub.toolNamed(name)?.tool).toBe('x')
})

const image = (data: string) => ({ type: 'image', data, mimeType: 'image/png' })
const words = (value: string) => ({ type: 'text', text: value })
const shapeOf = (content: readonly object[]) =>
  mapResult({ content }, new KeptResults()).content.map((part) =>
    part.type === 'image' ? part.source.media_type : part.text,
  )

test('pictures stay where they stand, are what their bytes say, and more than a request bears are described', () => {
  const png = image('iVBORw0KGgo=')
  expect(shapeOf([words('first'), png, words('second'), image('/9j/AAAA')])).toEqual([
    'first',
    'image/png',
    'second',
    'image/jpeg',
  ])
  const left = '[image, image/png, about 9 bytes, not shown]'
  const shown = Array.from({ length: 20 }, () => 'image/png')
  expect(shapeOf(Array.from({ length: 22 }, () => png))).toEqual([...shown, `${left}\n${left}`])
  const large = image(`iVBORw0KGgo${'A'.repeat(4e6)}`)
  expect(shapeOf([large, large, large, large]).map((part) => part.length < 20)).toEqual([
    true,
    true,
    true,
    false,
  ])
  expect(shapeOf([image('bm90IGFuIGltYWdl')])).toEqual([
    '[image, image/png, about 12 bytes, not shown]',
  ])
})

test('what a server answers well stays well, whatever its shape', async () => {
  const png = 'iVBORw0KGgo='
  const answers = {
    both: { content: [{ type: 'text', text: '{"a": 1}' }], structuredContent: { a: 1 } },
    more: { content: [{ type: 'text', text: 'one' }], structuredContent: { a: 1 } },
    bare: { structuredContent: { a: 1 } },
    empty: { content: [] },
    shapeless: { odd: true },
    image: { content: [{ type: 'image', data: png, mimeType: 'image/png' }] },
    bitmap: { content: [{ type: 'image', data: 'Qk0AAAAAAAAA', mimeType: 'image/bmp' }] },
    audio: { content: [{ type: 'audio', data: png, mimeType: 'audio/wav' }] },
    link: { content: [{ type: 'resource_link', uri: 'file:///x', name: 'x' }] },
    embedded: { content: [{ type: 'resource', resource: { uri: 'a:b', text: 'inside' } }] },
    new: { content: [{ type: 'hologram', depth: 3 }] },
    broken: { content: [{ type: 'text', text: 'a\ud800b' }] },
  }
  const names = Object.keys(answers)
  const outputSchema = { type: 'object', properties: { z: { type: 'string' } }, required: ['z'] }
  const tools = names.map((name) => tool(name, { outputSchema }))
  const hub = await hubOf([odd(log(), { tools, answers })])
  const told: Record<string, string> = {}
  for (const name of names) {
    const { text, isError, content } = await callOn(hub, `odd__${name}`)
    expect([name, isError]).toEqual([name, false])
    told[name] = content.some(({ type }) => type === 'image') ? 'an image' : text
  }
  expect(told).toEqual({
    both: '{"a": 1}',
    more: 'one\n{"a":1}',
    bare: '{"a":1}',
    empty: '(the tool answered without content)',
    shapeless: '{"odd":true}',
    image: 'an image',
    bitmap: '[image, image/bmp, about 9 bytes, not shown]',
    audio: '[audio, audio/wav, about 9 bytes, not shown]',
    link: '[resource link: name "x", uri "file:///x"]',
    embedded: '[resource: uri "a:b"]\ninside',
    new: '{"type":"hologram","depth":3}',
    broken: 'a\uFFFDb',
  })
})

test('a long result shows its head and its tail, and all of it can be read', async () => {
  const whole = Array.from({ length: 30_000 }, (_, index) => `line ${index}\n`).join('')
  const answers = { long: { content: [{ type: 'text', text: whole }] } }
  const hub = await hubOf([odd(log(), { tools: [tool('long')], answers })])
  const { text } = await callOn(hub, 'odd__long')
  expect(text.length).toBeLessThan(41_000)
  expect(text.startsWith('line 0\n') && text.endsWith('line 29999\n')).toBe(true)
  const [, result_id, offset] = /result_id "([\w-]+)" and offset (\d+)/.exec(text) ?? []
  let read = whole.slice(0, Number(offset))
  while (read.length < whole.length) {
    const page = textOf(hub.readKept({ result_id, offset: read.length }).content)
    read += page.replace(/\n\[goes on at offset \d+ of \d+\]$/, '')
  }
  expect(read).toBe(whole)
  expect(hub.readKept({ result_id: 'r99', offset: 0 }).isError).toBe(true)
  const other = await hubOf([odd(log(), { tools: [tool('long')], answers })])
  await callOn(other, 'odd__long')
  expect(other.readKept({ result_id, offset: 0 }).isError).toBe(true)
  expect(hub.readKept({ result_id, offset: -1 }).isError).toBe(true)
})

test('connecting ends with its signal, however slow a server is', async () => {
  const signal = AbortSignal.timeout(500)
  // As long as a test may take, and longer.
  const opening = openHub([odd(log(), { silent: true })], { signal, connectMs: 60_000 })
  await expect(opening).rejects.toMatchObject({ code: 'cancelled' })
})
