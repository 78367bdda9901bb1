/** What a statement says beside its literals and comments, and what the literals are. For hints only. */
export interface StatementParts {
  /** The text with `''` for every literal and a blank for every comment. */
  readonly code: string
  /** What stands between single quotes. */
  readonly literals: readonly string[]
}

const pattern =
  /(?<comment>--[^\n]*|\/\*[^]*?(?:\*\/|$))|'(?<literal>(?:[^']|'')*)(?:'|$)|"(?:[^"]|"")*(?:"|$)|`[^`]*(?:`|$)/g

export function partsOf(text: string): StatementParts {
  const literals: string[] = []
  const code = text.replaceAll(pattern, (whole: string, ...rest: unknown[]) => {
    const { comment, literal } = rest.at(-1) as { comment?: string; literal?: string }
    if (comment !== undefined) return ' '
    if (literal === undefined) return whole
    literals.push(literal.replaceAll("''", "'"))
    return "''"
  })
  return { code, literals }
}
