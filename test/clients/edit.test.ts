import fc from 'fast-check'
import { parse } from 'jsonc-parser'
import { describe, expect, test } from 'vitest'
import { type Entry, entriesOf, putEntry, takeEntry } from '../../dist/clients/edit.js'

const entry: Entry = {
  command: '/usr/bin/node',
  args: ['/opt/vitrine/dist/cli/main.js', 'serve', 'sqlite:/shop.db'],
}

const servers = (text: string) => ({ path: '/home/mcp.json', text, serversKey: 'mcpServers' })
const put = (text: string, value: Entry = entry): string => putEntry(servers(text), 'shop', value)
const take = (text: string): string => takeEntry(servers(text), 'shop')

const linesLost = (after: string, before: string): string[] =>
  before.split('\n').filter((line) => !after.split('\n').includes(line))

describe('an entry', () => {
  test.each([
    '',
    '\n',
    '{}',
    '{ }\n',
    '{ "mcpServers": {} }',
    '{\n  "mcpServers": {\n  }\n}',
    '\uFEFF{}',
    '// nothing yet\n{\n}',
    '{ "mcpServers": { /* none */ } }',
    '{ "mcpServers": { // none\n } }',
    '{ "mcpServers": {}, }',
  ])('comes into %j', (text) => {
    const after = put(text)
    expect(parse(after.replace('\uFEFF', ''))).toEqual({ mcpServers: { shop: entry } })
    expect(after.startsWith('\uFEFF')).toBe(text.startsWith('\uFEFF'))
    for (const comment of text.match(/\/\/.*|\/\*.*\*\//g) ?? []) expect(after).toContain(comment)
  })

  test.each([
    '{\n  "mcpServers": {\n    "fs": { "command": "x" }\n  }\n}\n',
    '{\n  "mcpServers": {\n    "fs": { "command": "x" }, // keep\n  },\n}\n',
    '{\r\n\t// mine\r\n\t"mcpServers": {\r\n\t\t"a": { "b": 1 } // keep\r\n\t},\r\n\t"z": [1, 2]\r\n}\r\n',
  ])('leaves all other lines of %j to the letter, and goes without a trace', (text) => {
    const after = put(text)
    expect(parse(after)).toMatchObject({ mcpServers: { shop: entry } })
    // The line before it gets a comma, and nothing else.
    expect(linesLost(after.replaceAll(',', ''), text.replaceAll(',', ''))).toEqual([])
    expect(take(after)).toBe(text)
  })

  test.each([
    '{ "mcpServers": { "files": { "command": "npx", "args": [] } } }',
    '{"mcpServers":{"files":{},},"x":1}',
  ])('stays on the one line of %j', (text) => {
    const after = put(text)
    expect(parse(after)).toMatchObject({ mcpServers: { shop: entry } })
    expect(after).not.toContain('\n')
    expect(take(after)).toBe(text)
  })

  test('is indented and ends its lines as the file does', () => {
    const after = put('{\r\n\t"a": [ 1,2 ] /* end */\r\n}')
    expect(after).toContain(
      '\t"a": [ 1,2 ], /* end */\r\n\t"mcpServers": {\r\n\t\t"shop": {\r\n\t\t\t"command"',
    )
  })

  test('that is there already changes nothing', () => {
    const once = put('{}')
    expect(put(once)).toBe(once)
  })

  test('that is there keeps what a person wrote into it', () => {
    const text =
      '{ "mcpServers": { "shop": { "command": "old", "args": [\n"x" ], "disabled": true, "env": { "A": "1" } /* mine */ } } }'
    const after = put(text, { ...entry, env: { B: '2' } })
    expect(parse(after)).toEqual({
      mcpServers: { shop: { ...entry, disabled: true, env: { A: '1', B: '2' } } },
    })
    expect(after).toContain('/* mine */')
  })

  test('put in and taken out leaves every other value as it was', () => {
    const others = fc.dictionary(
      fc.string({ minLength: 1 }).filter((key) => key !== 'shop' && key !== '__proto__'),
      fc.record({ command: fc.string(), args: fc.array(fc.string()) }),
    )
    const configuration = fc.record({
      mcpServers: others,
      theme: fc.jsonValue(),
      'a b': fc.string(),
    })
    fc.assert(
      fc.property(configuration, fc.constantFrom(0, 2, 4, '\t'), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent)
        const after = put(text)
        expect(JSON.parse(after)).toEqual(
          JSON.parse(
            JSON.stringify({ ...value, mcpServers: { ...value.mcpServers, shop: entry } }),
          ),
        )
        expect(take(after)).toBe(text)
      }),
    )
  })

  test.each([
    ['{ "mcpServers": {} }', '{ "mcpServers": {} }'],
    ['{"mcpServers":{"shop":{},"b":{}}}', '{"mcpServers":{"b":{}}}'],
    ['{"mcpServers":{"a":{},"shop":{},}}', '{"mcpServers":{"a":{},}}'],
    ['{ "mcpServers": { "shop": null // why\n } }', '{ "mcpServers": { // why\n } }'],
    ['{"a":{"shop":1}}', '{"a":{"shop":1}}'],
  ])('taken out of %j leaves %j', (text, after) => {
    expect(take(text)).toBe(after)
  })
})

test.each([
  ['{ "mcpServers": ', /^\/home\/mcp\.json:1:\d+ .*not JSON/],
  ['[1]', /not a JSON object/],
  ['{\n  "mcpServers": []\n}', /^\/home\/mcp\.json:2:17 .*"mcpServers" is not an object/],
  ['mcpServers: {}', /not JSON/],
])('%j is refused with the file and the place of the mistake', (text, message) => {
  const refused = expect.objectContaining({
    code: 'client_config',
    message: expect.stringMatching(message),
    hint: expect.not.stringMatching(/--print/),
  })
  expect(() => put(text)).toThrow(refused)
  expect(() => take(text)).toThrow(refused)
  expect(() => entriesOf(servers(text))).toThrow(refused)
})
