import fc from 'fast-check'

const surrogates = 0x800
const firstSurrogate = 0xd800
/** Numbers that are tried first give letters. */
const firstLetter = 0x61
const count = 0x11_00_00 - surrogates

/** Any character of Unicode. That of fast-check makes a table of all of them, which takes seconds for a suite. */
const character = fc.nat({ max: count - 1 }).map((number) => {
  const place = (number + firstLetter) % count
  return String.fromCodePoint(place < firstSurrogate ? place : place + surrogates)
})

const namesOfObjects = fc.constantFrom('__proto__', 'constructor', 'toString', 'valueOf')

/** Any well-formed text, and now and then one that JavaScript has a meaning for. */
export const anyString = (
  constraints: { readonly minLength?: number; readonly maxLength?: number } = {},
): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 15, arbitrary: fc.string({ unit: character, ...constraints }) },
    { weight: 1, arbitrary: namesOfObjects },
  )
