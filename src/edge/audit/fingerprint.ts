/** Statements are cut here before they are read: what is behind it makes no difference to the print. */
const mostRead = 65_536

/**
 * A statement without its values: literals, numbers, comments and white space are taken out, words are in
 * small letters. The same question with other values has the same skeleton.
 *
 * It knows no dialect, so it keeps a word only where no dialect can take it for a part of a literal. Where two
 * dialects disagree about the end of a literal (a backslash, a dollar quote, an apostrophe in a
 * comment), nothing behind that place is kept.
 */
export function toSkeleton(statement: string): string {
  const text = statement.slice(0, mostRead)
  const kept: string[] = []
  for (let at = 0; at < text.length;) {
    const { end, keep } = readPart(text, at)
    if (keep !== '') kept.push(keep)
    at = end
  }
  return kept
    .join(' ')
    .replaceAll(/(?:[-+] )+\?/g, '?')
    .replaceAll(/\?(?: , \?)+/g, '?')
}

interface Part {
  /** Where the next one begins. */
  readonly end: number
  /** What stays of it. */
  readonly keep: string
}

function readPart(text: string, at: number): Part {
  const character = text[at] ?? ''
  if (character === "'" || character === '"') return readQuoted(text, at, character)
  if (character === '`') return readBackticked(text, at)
  if (character === '$' && lengthOf(dollarQuote, text, at) > 0) return rest(text)
  if (character === '#' || text.startsWith('--', at)) return readLineComment(text, at)
  if (text.startsWith('/*', at)) return readBlockComment(text, at)
  return readPlain(text, at, character)
}

const placeholder = '?'

/** Nothing from here on can be told for sure. */
const rest = (text: string): Part => ({ end: text.length, keep: placeholder })

/** `$$` or `$tag$` (PostgreSQL, DuckDB). */
const dollarQuote = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy

/** Up to the closing quote; a doubled one is part of it. MySQL takes a backslash for an escape, others do not. */
function readQuoted(text: string, at: number, quote: string): Part {
  for (let from = at + 1; ;) {
    const close = text.indexOf(quote, from)
    if (close < 0 || text.slice(from, close).includes('\\')) return rest(text)
    if (text[close + 1] !== quote) return { end: close + 1, keep: placeholder }
    from = close + 2
  }
}

/** A name in MySQL and SQLite. To PostgreSQL these are operators, with who knows what between them. */
function readBackticked(text: string, at: number): Part {
  const close = text.indexOf('`', at + 1)
  const name = text.slice(at + 1, close)
  if (close < 0 || !/^[\p{L}\p{N}_]+$/u.test(name)) return rest(text)
  return { end: close + 1, keep: name.toLowerCase() }
}

/** In one dialect a comment, in another an operator and a string behind it. */
function readLineComment(text: string, at: number): Part {
  const close = text.slice(at).search(/[\r\n]/)
  const end = close < 0 ? text.length : at + close
  return /['"`$\\]/.test(text.slice(at, end)) ? rest(text) : { end, keep: '' }
}

/** Nested in PostgreSQL and DuckDB, not in the others. */
function readBlockComment(text: string, at: number): Part {
  const close = text.indexOf('*/', at + 2)
  const inside = text.slice(at + 2, close)
  if (close < 0 || inside.includes('/*') || /['"`$\\]/.test(inside)) return rest(text)
  return { end: close + 2, keep: '' }
}

const space = /\s+/y
const number = /\.?\p{N}(?:[eE][-+]\p{N}|[\p{L}\p{N}_.])*/uy
const word = /[\p{L}_][\p{L}\p{M}\p{N}_]*/uy

function readPlain(text: string, at: number, character: string): Part {
  const blank = lengthOf(space, text, at)
  if (blank > 0) return { end: at + blank, keep: '' }
  const digits = lengthOf(number, text, at)
  if (digits > 0) return { end: at + digits, keep: placeholder }
  const length = lengthOf(word, text, at)
  if (length === 0) return { end: at + 1, keep: character }
  const name = text.slice(at, at + length).toLowerCase()
  // Oracle's q'[…]' has quotes inside.
  if (/^n?q$/.test(name) && text[at + length] === "'") return rest(text)
  return { end: at + length, keep: name }
}

function lengthOf(pattern: RegExp, text: string, at: number): number {
  // Each use sets where it begins.
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex - at : 0
}
