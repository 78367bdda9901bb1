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

const patterns: readonly (readonly [Token['kind'] | 'blank', RegExp])[] = [
  ['blank', /[ \t\n\f\r\uFEFF]+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y],
  ['string', /[xX]?'(?:[^']|'')*(?:'|$)/y],
  ['name', /"(?:[^"]|"")*(?:"|$)|`(?:[^`]|``)*(?:`|$)|\[[^\]]*(?:\]|$)/y],
  ['word', /[A-Za-z_\u0080-\u{10FFFF}][A-Za-z0-9_$\u0080-\u{10FFFF}]*/uy],
  ['number', /\.?[0-9][0-9A-Za-z_.]*/y],
  ['variable', /\?[0-9]*|[:@#$](?:[A-Za-z0-9_$\u0080-\u{10FFFF}]|::)+/uy],
  ['symbol', /[\s\S]/y],
]

export function tokenize(sql: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < sql.length;) {
    const [kind, text] = nextToken(sql, at)
    if (kind !== 'blank') tokens.push({ kind, text: unquote(kind, text) })
    at += text.length
  }
  return tokens
}

function nextToken(sql: string, at: number): [Token['kind'] | 'blank', string] {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at
    const found = pattern.exec(sql)?.[0]
    if (found !== undefined && found !== '') return [kind, found]
  }
  return ['symbol', sql.charAt(at)]
}

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
