/**
 * SQLite's own division of a text into tokens (https://sqlite.org/src/file/src/tokenize.c), as far as
 * the guard asks: where strings, names and comments end. It refuses nothing; the engine judges.
 */
export interface Token {
  /** `name` is a bare word or a quoted identifier, `string` is in single quotes (SQLite takes it as a name too). */
  readonly kind: 'word' | 'name' | 'string' | 'variable' | 'number' | 'symbol'
  /** Without its quotes. */
  readonly text: string
  /** Offsets in the whole text. */
  readonly start: number
  readonly end: number
}

/** Blank, text, name, word, number, variable, or any one character; every text matches one of them. */
const pattern = new RegExp(
  [
    String.raw`[ \t\n\f\r\uFEFF]+|--[^\n]*|/\*[\s\S]*?(?:\*/|$)`,
    String.raw`[xX]?'(?:[^']|'')*(?:'|$)`,
    String.raw`"(?:[^"]|"")*(?:"|$)|` + '`(?:[^`]|``)*(?:`|$)' + String.raw`|\[[^\]]*(?:\]|$)`,
    String.raw`[A-Za-z_\u0080-\u{10FFFF}][A-Za-z0-9_$\u0080-\u{10FFFF}]*`,
    String.raw`\.?[0-9][0-9A-Za-z_.]*`,
    String.raw`\?[0-9]*|[:@#$](?:[A-Za-z0-9_$\u0080-\u{10FFFF}]|::)+`,
    String.raw`[\s\S]`,
  ].join('|'),
  'guy',
)

export function tokenize(sql: string): Token[] {
  const tokens: Token[] = []
  for (const { 0: text, index: start } of sql.matchAll(pattern)) {
    const kind = kindOf(text)
    if (kind === undefined) continue
    tokens.push({ kind, text: unquote(kind, text), start, end: start + text.length })
  }
  return tokens
}

/** Undefined for what is left out: blanks and comments. Groups in the pattern would tell, and take twice the time. */
function kindOf(text: string): Token['kind'] | undefined {
  const first = text.charCodeAt(0)
  if (first === 0x27 || (text.charCodeAt(1) === 0x27 && (first | 0x20) === 0x78)) return 'string'
  if (isLetter(first)) return first === 0xfeff ? undefined : 'word'
  if (isDigit(first) || (first === 0x2e && text.length > 1)) return 'number'
  if (' \t\n\f\r'.includes(text.charAt(0))) return undefined
  if ('"`['.includes(text.charAt(0))) return 'name'
  if (text.length === 1) return first === 0x3f ? 'variable' : 'symbol'
  return '?:@#$'.includes(text.charAt(0)) ? 'variable' : blankOrSymbol(text)
}

const isLetter = (code: number): boolean =>
  code >= 0x80 || code === 0x5f || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a)

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

/** A comment; else a character of two parts, which SQLite takes for part of a word. */
const blankOrSymbol = (text: string): Token['kind'] | undefined =>
  text.startsWith('--') || text.startsWith('/*') ? undefined : 'symbol'

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
