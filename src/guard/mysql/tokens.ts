/**
 * MySQL's own division of a text into tokens, for the session that the driver sets up: utf8mb4, and a
 * sql_mode without ANSI_QUOTES and NO_BACKSLASH_ESCAPES
 * (https://dev.mysql.com/doc/refman/8.4/en/language-structure.html). It refuses nothing.
 */
export interface Token {
  /**
   * `word` is bare, `name` in back-ticks, `string` in either quote; `code` is a comment that the server
   * runs, `hint` one its optimizer reads, `open` a quote or comment that does not end.
   */
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'symbol' | 'code' | 'hint' | 'open'
  /** Without its quotes; a word in capitals is `upper`. */
  readonly text: string
  readonly upper: string
  /** Where it begins in the text, and where it ends. */
  readonly start: number
  readonly end: number
}

/**
 * `--` begins a comment only before a blank or control character; a bare word may begin with digits, but
 * a point or an exponent makes them a number that ends where its digits do: in `1.FROM t` and
 * `1e5FROM t` begins a FROM clause. Directly behind a point everything is a part of a name.
 */
const pattern = new RegExp(
  [
    String.raw`(?<blank>[ \t\n\v\f\r]+|#[^\n]*|--(?=[\x00-\x20\x7F]|$)[^\n]*)`,
    String.raw`(?<code>/\*[mM]?![\s\S]*)`,
    String.raw`(?<hint>/\*\+[\s\S]*?\*/)`,
    String.raw`(?<comment>/\*[\s\S]*?\*/)`,
    String.raw`(?<string>'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*")`,
    '(?<name>`(?:[^`]|``)*`)',
    String.raw`(?<open>/\*[\s\S]*|['"\x60][\s\S]*)`,
    String.raw`(?<number>(?:(?<!\.)[0-9]+\.[0-9]*|(?<![0-9A-Za-z_$\u0080-\u{10FFFF}\x60])\.[0-9]+)(?:[eE][+\-]?[0-9]+)?` +
      String.raw`|(?<!\.)[0-9]+(?:[eE][+\-]?[0-9]+|(?![0-9A-Za-z_$\u0080-\u{10FFFF}])))`,
    String.raw`(?<word>[0-9A-Za-z_$\u0080-\u{10FFFF}]+)`,
    String.raw`(?<symbol>:=|[\s\S])`,
  ].join('|'),
  'guy',
)

const kinds = ['word', 'symbol', 'name', 'string', 'number', 'code', 'hint', 'open'] as const

export function tokenize(sql: string): Token[] {
  const tokens: Token[] = []
  for (const match of sql.matchAll(pattern)) {
    const kind = kinds.find((one) => match.groups?.[one] !== undefined)
    if (kind === undefined) continue
    const [whole] = match
    const text = kind === 'name' ? whole.slice(1, -1).replaceAll('``', '`') : whole
    const upper = kind === 'word' ? toCapitals(whole) : ''
    tokens.push({ kind, text, upper, start: match.index, end: match.index + whole.length })
  }
  return tokens
}

/** Words of the language are ASCII: `lımıt` is a name, whatever Unicode says of its capitals. */
const toCapitals = (word: string): string =>
  word.replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase())

export const isName = (token: Token | undefined): token is Token =>
  token?.kind === 'word' || token?.kind === 'name'

export const isSymbol = (token: Token | undefined, symbol: string): boolean =>
  token?.kind === 'symbol' && token.text === symbol

/** True for a bare word that is one of these, in capitals. */
export const isWord = (token: Token | undefined, ...words: readonly string[]): boolean =>
  token?.kind === 'word' && words.includes(token.upper)

/** True where the token is a part of a longer name: then it is never a word of the language. */
export const isMember = (tokens: readonly Token[], at: number): boolean =>
  isSymbol(tokens[at - 1], '.')
