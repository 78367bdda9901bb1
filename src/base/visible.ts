/**
 * Text that a terminal shows and does not obey: control characters, changes of direction, and
 * characters that cannot be seen are spelled out, as `\x1b` or `\u202e`.
 */
export const toVisible = (text: string): string => text.replaceAll(hidden, spellOut)

/** The same for a text of several lines, which stay lines. */
export const toVisibleLines = (text: string): string => text.split('\n').map(toVisible).join('\n')

/**
 * Controls of ASCII and Latin-1, unpaired surrogates, separators of lines, whatever formats and is not
 * seen (marks of direction, tags, blanks of no width), and letters that look like blanks. What holds an
 * emoji together (U+200D, U+FE0F) stays.
 */
const hidden =
  /(?!\u200d|\ufe0f)[\p{Cc}\p{Cs}\p{Cf}\p{Zl}\p{Zp}\p{Variation_Selector}\u115f\u1160\u2800\u3164\uffa0]/gu

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function spellOut(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16)
  if (code.length > 4) return `\\u{${code}}`
  return short[character] ?? (code.length > 2 ? `\\u${code.padStart(4, '0')}` : hex(code))
}

const hex = (code: string): string => `\\x${code.padStart(2, '0')}`
