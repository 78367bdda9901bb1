import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseTokens, withoutToken, withToken } from '../../../dist/edge/auth/token-text.js'

const entry = `- name: ana
  hash: ${'ab'.repeat(32)}
  tools: all
  sources: [shop]
  created: 2026-01-01
  expires: 2026-06-01
`

test('what a person writes by hand is taken, if it is whole', () => {
  expect(parseTokens(entry)).toEqual([
    {
      name: 'ana',
      hash: 'ab'.repeat(32),
      tools: 'all',
      sources: ['shop'],
      claims: {},
      created: new Date('2026-01-01'),
      expires: new Date('2026-06-01'),
    },
  ])
  expect(parseTokens('')).toEqual([])
})

test.each([
  ['without an end', entry.replace(/ {2}expires.*\n/, '')],
  ['of more than a year', entry.replace('2026-06-01', '2027-01-03')],
  ['without tools', entry.replace(/ {2}tools.*\n/, '')],
  ['with a key that is unknown', `${entry}  admin: true\n`],
  ['with a hash of something else', entry.replace('abab', 'xyzw')],
  ['twice', entry + entry],
  ['with one hash under two names', entry + entry.replace('ana', 'bob')],
  ['by an alias', `${entry.replace('- name', '- &one\n  name')}- *one\n`],
])('a token %s breaks the file', (_, text) => {
  expect(() => parseTokens(text)).toThrow('The file of tokens is broken')
})

const names = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9][\w.@-]{0,63}$/),
  // What YAML would take for something else.
  fc.constantFrom('null', 'true', '1e5', '0x1f', '12', '2026-01-01', 'a-', 'y'),
)
const hashes = fc.oneof(
  fc.stringMatching(/^[0-9a-f]{64}$/),
  fc.stringMatching(/^[0-9]{30}e[0-9]{33}$/),
  fc.stringMatching(/^[0-9]{64}$/),
)
const allowed = fc.oneof(fc.constant('all' as const), fc.array(fc.string({ minLength: 1 })))
const tokens = fc.uniqueArray(
  fc.record({
    name: names,
    hash: hashes,
    tools: allowed,
    sources: allowed,
    claims: fc.dictionary(
      fc.string().filter((name) => name !== '__proto__'),
      fc.oneof(fc.string(), fc.boolean(), fc.integer()),
    ),
    created: fc.constant(new Date('2026-01-01T00:00:00.000Z')),
    expires: fc.date({
      min: new Date('2026-01-01'),
      max: new Date('2027-01-01'),
      noInvalidDate: true,
    }),
  }),
  { selector: ({ name }) => name, maxLength: 4 },
)

test('what is written is what is read, whatever a name or a claim looks like', () => {
  fc.assert(
    fc.property(tokens, (made) => {
      fc.pre(new Set(made.map(({ hash }) => hash)).size === made.length)
      const text = made.reduce<string>((written, token) => withToken(written, token), '')
      expect(parseTokens(text)).toEqual(
        made.map((token) => ({ ...token, claims: { ...token.claims } })),
      )
      const [first, ...others] = made
      const left = first === undefined ? '' : (withoutToken(text, first.name) ?? 'not found')
      expect(parseTokens(left).map(({ name }) => name)).toEqual(others.map(({ name }) => name))
    }),
    { numRuns: 60 },
  )
})
