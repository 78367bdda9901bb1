/** `:name` in a statement that somebody wrote for others to call. */

/** A part of a text as a dialect divides it, as far as it matters where a placeholder stands. */
export interface Lexeme {
  /** `word` is bare; `operand` is a name in quotes, a text or a number; all else is a `sign`. */
  readonly kind: 'word' | 'operand' | 'sign'
  readonly text: string
  /** Offsets in the text. */
  readonly start: number
  readonly end: number
}

export interface Placeholder {
  readonly name: string
  /** Offsets of `:name` in the text. */
  readonly start: number
  readonly end: number
  /** `items`: alone in the brackets of an IN; `presence`: before IS, as in `:ids is null`. */
  readonly use: 'value' | 'items' | 'presence'
}

/** As the config lets a parameter be called. */
const namePattern = /^[a-z_][a-z0-9_]*$/i

/**
 * A colon and a name directly behind it. What stands directly behind an operand is none: the second
 * colon of a cast `::date`, a slice `[a:b]`, a field `{'a':b}`.
 */
export function findPlaceholders(lexemes: readonly Lexeme[]): Placeholder[] {
  return lexemes.flatMap((colon, at): Placeholder[] => {
    const [before, name, after] = [lexemes[at - 1], lexemes[at + 1], lexemes[at + 2]]
    const isOne =
      isSign(colon, ':') &&
      name?.kind === 'word' &&
      name.start === colon.end &&
      namePattern.test(name.text) &&
      !(before !== undefined && before.end === colon.start && endsOperand(before))
    if (!isOne) return []
    const use = isIn(lexemes, at) && isSign(after, ')') ? 'items' : 'value'
    const isAsked = after?.kind === 'word' && after.text.toLowerCase() === 'is'
    return [{ name: name.text, start: colon.start, end: name.end, use: isAsked ? 'presence' : use }]
  })
}

export const isSign = (lexeme: Lexeme | undefined, text: string): boolean =>
  lexeme?.kind === 'sign' && lexeme.text === text

const endsOperand = ({ kind, text }: Lexeme): boolean => kind !== 'sign' || /[\])}:]$/.test(text)

const isIn = (lexemes: readonly Lexeme[], at: number): boolean =>
  isSign(lexemes[at - 1], '(') &&
  lexemes[at - 2]?.kind === 'word' &&
  lexemes[at - 2]?.text.toLowerCase() === 'in'
