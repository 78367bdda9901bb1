/** Texts are passed over; what is left of them are the numbers. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g

const mayBeLong = /\d{16}|\d\.\d{16}/

/**
 * JSON without loss: a number that JavaScript would round (a 64-bit id, a long decimal) is a string.
 *
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  // First as it is: in what is no JSON, texts without an end would be looked for again and again.
  const data: unknown = JSON.parse(text)
  if (!mayBeLong.test(text)) return data
  return JSON.parse(text.replace(tokens, (token) => (isRounded(token) ? `"${token}"` : token)))
}

/** No longer number is exact in a double, zeros aside. */
const longestExact = 40

/** RFC 8259 §6. */
const numberPattern = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

function isRounded(token: string): boolean {
  if (!numberPattern.test(token)) return false
  if (token.length > longestExact) return true
  if (/^-?\d+$/.test(token)) return !Number.isSafeInteger(Number(token))
  const digits = token
    .replace(/[eE].*$/, '')
    .replaceAll(/\D/g, '')
    .replace(/^0+/, '')
  if (digits.length <= 15) return false
  return !isSame(token, String(Number(token)))
}

const isSame = (written: string, read: string): boolean =>
  withoutZeros(written.toLowerCase()) === withoutZeros(read)

const withoutZeros = (text: string): string =>
  /[.]\d*$/.test(text) ? text.replace(/\.?0+$/, '') : text
