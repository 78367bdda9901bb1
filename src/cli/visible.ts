/**
 * Text that a terminal shows and does not obey: control characters, changes of direction, and
 * characters that cannot be seen are spelled out, as `\x1b` or `\u202e`.
 */
export const toVisible = (text: string): string => text.replaceAll(hidden, spellOut)

/** The same for a text of several lines, which stay lines. */
export const toVisibleLines = (text: string): string => text.split('\n').map(toVisible).join('\n')

/**
 * Controls of ASCII and Latin-1, unpaired surrogates, separators of lines, marks of direction, and
 * blanks of no width. The joiner that holds an emoji together (U+200D) stays.
 */
const hidden =
  /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function spellOut(character: string): string {
  const code = character.charCodeAt(0).toString(16)
  return short[character] ?? (code.length > 2 ? `\\u${code.padStart(4, '0')}` : hex(code))
}

const hex = (code: string): string => `\\x${code.padStart(2, '0')}`
