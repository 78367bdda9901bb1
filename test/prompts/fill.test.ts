import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkArguments } from '../../dist/prompts/arguments.js'
import { fillText, fillUri } from '../../dist/prompts/fill.js'
import type { PromptOptions } from '../../dist/prompts/options.js'
import { parseUri } from '../../dist/resources/uri.js'
import { anyString } from '../support/any-string.ts'

const anything = fc.oneof(
  anyString({ maxLength: 60 }),
  fc.constantFrom('{{b}}', '{{ a }}', '$&', '$1', '\n{{b}}\n', '..', 'a/b', '%2f', '\n\n\n\n'),
)

test('a value stands in the text as it is, and is never read as a template', () => {
  fc.assert(
    fc.property(anything, anything, (a, b) => {
      expect(fillText('x {{a}} y {{b}} z', { a, b })).toBe(`x ${a} y ${b} z`)
    }),
  )
})

test('a line that asks for what was not given is left out, and nothing else', () => {
  const text = 'one\n\nonly {{a}}\n\ntwo {{b}}\n{ {c} } {{C}} {{}}\n'
  expect(fillText(text, { b: 'B' })).toBe('one\n\ntwo B\n{ {c} } {{C}} {{}}')
})

const strayed = (value: string): boolean => {
  const parsed = parseUri(fillUri('vitrine://shop/schema/{{table}}', { table: value }))
  if (parsed === undefined) return false
  return !isDeepStrictEqual(parsed, { name: 'shop', segments: ['schema', value] })
}

test('a value in a URI stays within its segment', () => {
  const values = fc.sample(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), 1000)
  expect(values.filter(strayed)).toEqual([])
})

const prompt: PromptOptions = {
  name: 'report',
  arguments: [
    { name: 'month', required: true },
    { name: 'region', required: false, values: ['north', 'south'] },
  ],
  messages: [],
}

test.each<[Record<string, string>, RegExp]>([
  [{}, /month is missing/],
  [{ month: ' ' }, /month is missing/],
  [{ month: 'May', mnth: 'x' }, /no argument mnth/],
  [{ month: 'May', region: 'nort' }, /region cannot be "nort"/],
  [{ month: 'x'.repeat(4001) }, /4001 characters; 4000 is the most/],
  [{ month: 'a\u0000b' }, /a character that controls/],
  [{ month: 'a\u001b[2Jb' }, /a character that controls/],
  [{ month: 'May', constructor: 'x' }, /no argument constructor/],
])('wrong arguments are told of: %j', (given, message) => {
  expect(() => checkArguments(prompt, given)).toThrow(message)
})

test('arguments that are right come trimmed, and empty ones are left out', () => {
  expect(checkArguments(prompt, { month: ' May\n', region: '' })).toEqual({ month: 'May' })
})
