/**
 * SQLite's own division of a text into tokens (https://sqlite.org/src/file/src/tokenize.c), as far as
 * the guard asks: where strings, names and comments end. It refuses nothing; the engine judges.
 */
export interface Token {
  /** `name` is a bare word or a quoted identifier, `string` is in single quotes (SQLite takes it as a name too). */
  readonly kind: 'word' | 'name' | 'string' | 'variable' | 'number' | 'symbol'
  /** Without its quotes. */
  readonly text: string
}

/** One alternative per kind, tried in this order; every text matches one of them. */
const pattern = new RegExp(
  [
    String.raw`(?<blank>[ \t\n\f\r\uFEFF]+|--[^\n]*|/\*[\s\S]*?(?:\*/|$))`,
    String.raw`(?<string>[xX]?'(?:[^']|'')*(?:'|$))`,
    String.raw`(?<name>"(?:[^"]|"")*(?:"|$)|` +
      '`(?:[^`]|``)*(?:`|$)' +
      String.raw`|\[[^\]]*(?:\]|$))`,
    String.raw`(?<word>[A-Za-z_\u0080-\u{10FFFF}][A-Za-z0-9_$\u0080-\u{10FFFF}]*)`,
    String.raw`(?<number>\.?[0-9][0-9A-Za-z_.]*)`,
    String.raw`(?<variable>\?[0-9]*|[:@#$](?:[A-Za-z0-9_$\u0080-\u{10FFFF}]|::)+)`,
    String.raw`(?<symbol>[\s\S])`,
  ].join('|'),
  'guy',
)

export function tokenize(sql: string): Token[] {
  const tokens: Token[] = []
  for (const { 0: text, groups = {} } of sql.matchAll(pattern)) {
    const kind = kinds.find((one) => groups[one] !== undefined)
    if (kind !== undefined) tokens.push({ kind, text: unquote(kind, text) })
  }
  return tokens
}

const kinds = ['word', 'symbol', 'name', 'string', 'number', 'variable'] as const

function unquote(kind: Token['kind'], text: string): string {
  if (kind !== 'name' && kind !== 'string') return text
  const quote = text.startsWith('[') ? ']' : (text.match(/["'`]/)?.[0] ?? '')
  const inner = text.slice(text.search(/["'`[]/) + 1)
  const body = inner.endsWith(quote) ? inner.slice(0, -1) : inner
  return quote === ']' ? body : body.replaceAll(quote + quote, quote)
}

/** A bare word of the language, in capitals, or undefined where the token is none. */
export const keyword = (token: Token | undefined): string | undefined =>
  token?.kind === 'word' ? token.text.toUpperCase() : undefined

/** True where SQLite would take the token as the name of something. */
export const isName = (token: Token | undefined): boolean =>
  token !== undefined && ['word', 'name', 'string'].includes(token.kind)

export const isSymbol = (token: Token | undefined, symbol: string): boolean =>
  token?.kind === 'symbol' && token.text === symbol
