/** The words and signs of a text, where they stand, without blanks and comments. It judges nothing. */
export interface Token {
  readonly kind: 'word' | 'name' | 'text' | 'sign'
  /** As written; words in capitals. */
  readonly text: string
  readonly start: number
  readonly end: number
}

/** One alternative per kind, tried in this order; every text matches one of them. */
const pattern = new RegExp(
  [
    String.raw`(?<blank>\s+|--[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|$))`,
    String.raw`(?<text>[eExX]?'(?:[^']|'')*(?:'|$)|\$(?<tag>[A-Za-z_]*)\$[\s\S]*?(?:\$\k<tag>\$|$))`,
    String.raw`(?<name>"(?:[^"]|"")*(?:"|$))`,
    String.raw`(?<word>[A-Za-z_\u0080-\u{10FFFF}][A-Za-z0-9_$\u0080-\u{10FFFF}]*)`,
    String.raw`(?<sign>[0-9][0-9A-Za-z_.]*|[\s\S])`,
  ].join('|'),
  'gu',
)

const kinds = ['word', 'name', 'text', 'sign'] as const

export function tokenize(sql: string): Token[] {
  return [...sql.matchAll(pattern)].flatMap(({ 0: text, index, groups = {} }) => {
    const kind = kinds.find((one) => groups[one] !== undefined)
    if (kind === undefined) return []
    const shown = kind === 'word' ? text.toUpperCase() : text
    return [{ kind, text: shown, start: index, end: index + text.length }]
  })
}

/** How many parentheses of any kind are open before each token. */
export function depths(tokens: readonly Token[]): number[] {
  let depth = 0
  return tokens.map(({ kind, text }) => {
    if (kind === 'sign' && /^[)\]}]$/.test(text)) depth--
    const here = depth
    if (kind === 'sign' && /^[([{]$/.test(text)) depth++
    return here
  })
}

export const isWord = (token: Token | undefined, ...words: readonly string[]): boolean =>
  token?.kind === 'word' && words.includes(token.text)

export const isSign = (token: Token | undefined, sign: string): boolean =>
  token?.kind === 'sign' && token.text === sign
