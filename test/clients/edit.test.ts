import fc from 'fast-check'
import { parse } from 'jsonc-parser'
import { describe, expect, test } from 'vitest'
import { ownEntries, putEntry, takeEntry } from '../../dist/clients/edit.js'

const place = { serversKey: 'mcpServers', name: 'shop' }
const entry = {
  command: '/usr/bin/node',
  args: ['/opt/vitrine/dist/cli/main.js', 'serve', 'sqlite:/shop.db'],
}

describe('an entry', () => {
  test.each(['', '\n', '{}', '{ "mcpServers": {} }', '\uFEFF{}', '// nothing yet\n{\n}'])(
    'comes into %j',
    (text) => {
      const after = putEntry(text, place, entry)
      expect(parse(after.replace('\uFEFF', ''))).toEqual({ mcpServers: { shop: entry } })
      expect(after.startsWith('\uFEFF')).toBe(text.startsWith('\uFEFF'))
    },
  )

  test('leaves comments, order, tabs and line ends as they were', () => {
    const text =
      '{\r\n\t// mine\r\n\t"b": 1,\r\n\t"mcpServers": {\r\n\t\t"a": { "command": "x" } // keep\r\n\t},\r\n\t"z": [1, 2]\r\n}\r\n'
    const after = putEntry(text, place, entry)
    expect(after).toContain('\t// mine\r\n\t"b": 1,')
    expect(after).toContain('// keep')
    expect(after).toContain('\r\n\t\t"shop": {\r\n\t\t\t"command"')
    expect(after.endsWith('"z": [1, 2]\r\n}\r\n')).toBe(true)
  })

  test('that is there already changes nothing; a different one of that name is replaced', () => {
    const once = putEntry('{}', place, entry)
    expect(putEntry(once, place, entry)).toBe(once)
    const other = putEntry(once, place, { ...entry, command: 'other' })
    expect(parse(other)).toEqual({ mcpServers: { shop: { ...entry, command: 'other' } } })
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
        const put = putEntry(text, place, entry)
        expect(JSON.parse(put)).toEqual(
          JSON.parse(
            JSON.stringify({ ...value, mcpServers: { ...value.mcpServers, shop: entry } }),
          ),
        )
        expect(JSON.parse(takeEntry(put, place))).toEqual(JSON.parse(text))
      }),
    )
  })

  test('that is not there is nothing to take', () => {
    expect(takeEntry('{ "mcpServers": {} }', place)).toBe('{ "mcpServers": {} }')
  })
})

test.each([
  ['{ "mcpServers": ', /not JSON .* line 1, column \d+/],
  ['[1]', /not a JSON object/],
  ['{\n  "mcpServers": []\n}', /"mcpServers" is not an object, line 2, column 17/],
  ['mcpServers: {}', /not JSON/],
])('%j is refused with the place of the mistake', (text, message) => {
  const refused = expect.objectContaining({
    code: 'client_config',
    message: expect.stringMatching(message),
  })
  expect(() => putEntry(text, place, entry)).toThrow(refused)
  expect(() => takeEntry(text, place)).toThrow(refused)
})

test('our own entries are known from wherever they start us', () => {
  const servers = {
    checkout: entry,
    npx: { command: 'npx', args: ['-y', 'vitrine@0.1.0', 'serve', 'x.yaml'] },
    windows: { command: 'cmd', args: ['/c', 'npx', '-y', 'vitrine', 'serve', 'x.yaml'] },
    other: { command: 'npx', args: ['-y', 'other-server', 'serve'] },
    remote: { url: 'https://x.example/mcp' },
  }
  const names = ownEntries(JSON.stringify({ mcpServers: servers }), 'mcpServers')
  expect(names).toEqual(['checkout', 'npx', 'windows'])
})
