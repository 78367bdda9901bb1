import type { BindingStyle } from '../bind.ts'
import type { Lexeme } from '../placeholders.ts'
import { type Token, tokenize } from './tokens.ts'

/** `?1`, and in SQLite a value has a type of its own (https://sqlite.org/lang_expr.html#varparam). */
export const sqliteBinding: BindingStyle = {
  lexemes: (text) => tokenize(text).flatMap(toLexemes),
  // The driver binds a number without a fraction as a whole one, and 7 / 2 would be 3; a tiny one as 0.
  write: (number, type) => (type === 'number' ? `CAST(?${number} AS REAL)` : `?${number}`),
  writeNone: () => 'SELECT NULL WHERE 0',
  toParameter(value) {
    if (typeof value === 'boolean') return BigInt(value)
    const isTiny = typeof value === 'number' && value > 0 && value < Number.EPSILON
    return isTiny ? String(value) : value
  },
  isByPlace: false,
}

/** SQLite takes the colon for a part of the name. */
function toLexemes({ kind, text, start, end }: Token): Lexeme[] {
  if (kind === 'variable' && text.startsWith(':')) {
    return [
      { kind: 'sign', text: ':', start, end: start + 1 },
      { kind: 'word', text: text.slice(1), start: start + 1, end },
    ]
  }
  const isSign = kind === 'symbol' || kind === 'variable'
  return [{ kind: kind === 'word' ? 'word' : isSign ? 'sign' : 'operand', text, start, end }]
}
