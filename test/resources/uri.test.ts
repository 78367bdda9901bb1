import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseUri, toUri } from '../../dist/resources/uri.js'
import { anyString } from '../support/any-string.ts'

const segment = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .filter((text) => !/[/\\\0\p{Cs}]/u.test(text) && text.trim() !== '')

test('a URI that was made is read as what it was made of', () => {
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 5 }), (segments) => {
      expect(parseUri(toUri('handbook', segments))).toEqual({ name: 'handbook', segments })
    }),
  )
})

test('whatever is written, nothing of it separates, ends a text or is empty', () => {
  const piece = fc.constantFrom(
    '..',
    '.',
    '/',
    '%2f',
    '%2F',
    '%5c',
    '\\',
    '%00',
    '%',
    'a',
    '?',
    '#',
    '%252e',
    'é',
  )
  const path = fc.oneof(
    anyString({ maxLength: 40 }),
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
  )
  fc.assert(
    fc.property(path, (text) => {
      const parsed = parseUri(`vitrine://handbook/${text}`)
      for (const one of parsed?.segments ?? []) expect(one).toMatch(/^[^/\\\0]+$/)
    }),
    { numRuns: 800 },
  )
})

test.each([
  'vitrine://handbook',
  'vitrine://handbook/',
  'vitrine://handbook//a',
  'vitrine://handbook/a/',
  'vitrine://Handbook/a',
  'vitrine://user@handbook/a',
  'vitrine://handbook:80/a',
  'vitrine:/handbook/a',
  'VITRINE://handbook/a',
  'file:///etc/passwd',
  'vitrine://handbook/a?b',
  'vitrine://handbook/a#b',
  'vitrine://handbook/a%2fb',
  'vitrine://handbook/a%5Cb',
  'vitrine://handbook/a\\b',
  'vitrine://handbook/a%00',
  'vitrine://handbook/%ff',
  'vitrine://handbook/%C0%AE%C0%AE',
  'vitrine://handbook/%',
  `vitrine://handbook/${'a'.repeat(2000)}`,
])('%s is no URI of ours', (uri) => {
  expect(parseUri(uri)).toBeUndefined()
})
