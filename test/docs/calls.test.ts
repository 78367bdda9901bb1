import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toArguments } from '../../dist/cli/tool-arguments.js'
import { toCommand, toCurl } from '../../dist/docs/calls.js'

const schema = {
  type: 'object',
  properties: {
    text: { type: 'string' },
    json: { type: 'string' },
    count: { type: 'integer' },
    isOn: { type: 'boolean' },
    list: { type: 'array', items: { type: 'string' } },
    inner: { type: 'object' },
  },
} as const

/** What a shell takes as an argument: no NUL. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }).filter((one) => !one.includes('\0')),
  fc.constantFrom(
    "it's",
    '--json',
    '-1',
    '',
    '$(id)',
    '`id`',
    '"',
    '\\',
    'a b',
    '\n',
    '*',
    '!x',
    '~',
  ),
)

const given = fc.record(
  {
    text,
    json: text,
    count: fc.maxSafeInteger(),
    isOn: fc.boolean(),
    list: fc.array(text, { maxLength: 3 }),
    inner: fc.record({ a: text }),
  },
  { requiredKeys: [] },
)

/** The words that a shell makes of a command. */
const wordsOf = (command: string): string[] =>
  execFileSync('sh', ['-c', `words() { printf '%s\\0' "$@"; }; words ${command}`], {
    encoding: 'utf8',
  })
    .split('\0')
    .slice(0, -1)

test('the command of a page is, in a shell, the call with exactly these arguments', () => {
  fc.assert(
    fc.property(given, (values) => {
      const [, call, target, name, ...rest] = wordsOf(toCommand('asked', values, './a b.yaml'))
      expect([call, target, name]).toEqual(['call', './a b.yaml', 'asked'])
      const read =
        rest[0] === '--json-args'
          ? (JSON.parse(rest[1] ?? '') as object)
          : toArguments(rest, schema)
      expect(read).toEqual(values)
    }),
    { numRuns: 60 },
  )
})

test('the body that curl sends is the call with exactly these arguments', () => {
  fc.assert(
    fc.property(given, (values) => {
      const words = wordsOf(
        toCurl('asked', values, { url: 'https://a.example/mcp?x=1&y', needsToken: false }),
      )
      expect(words[1]).toBe('https://a.example/mcp?x=1&y')
      const body = JSON.parse(words.at(-1) ?? '') as { params: unknown }
      expect(body.params).toEqual({ name: 'asked', arguments: values })
    }),
    { numRuns: 30 },
  )
})
