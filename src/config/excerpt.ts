const linesBefore = 2
const widest = 120

export interface Mark {
  /** Both counted from 1. */
  readonly line: number
  readonly column: number
  readonly length: number
}

/** The line a mark is in, with a caret under it and the lines before it, fit for a terminal. */
export function excerpt(lines: readonly string[], { line, column, length }: Mark): string {
  const first = Math.max(1, line - linesBefore)
  const gutter = String(line).length
  // A long line, such as of a JSON file without breaks, is shown from a little before the mark.
  const skipped = column > widest ? column - 40 : 0
  const shown = lines.slice(first - 1, line).map((text, index) => {
    const number = String(first + index).padStart(gutter)
    return `  ${number} | ${printable(text).slice(skipped, skipped + widest)}`.trimEnd()
  })
  const room = Math.max(1, (lines[line - 1] ?? '').length - column + 1)
  const carets = '^'.repeat(Math.max(1, Math.min(length, room, widest)))
  return [...shown, `  ${' '.repeat(gutter)} | ${' '.repeat(column - 1 - skipped)}${carets}`].join(
    '\n',
  )
}

/** Each character as wide as before, so that the caret stays in place. */
const printable = (line: string): string =>
  hideSecrets(line)
    .replaceAll('\t', ' ')
    .replaceAll(/\p{Cc}/gu, '?')

/** Stars for what may be a password: behind a scheme and `//`, between `:` and `@`, after `password=` and `Authorization:`. */
export const hideSecrets = (text: string): string =>
  text
    .replaceAll(/(?<!\b(?:sqlite|file)):\/\/.+/gi, (all) => `://${stars(all.slice(3))}`)
    .replaceAll(/(?<=[^\s:"']+:)[^\s"'/]\S*@\S*/g, stars)
    .replaceAll(
      /(?<=(?:password|passwd|pwd|secret|token|api[-_]?key)\w*["']?\s*[=:]\s*)\S+/gi,
      stars,
    )
    .replaceAll(/(?<=\b(?:authorization|cookie)["']?\s*:\s*)[^\s,}][^,}]*/gi, stars)

const stars = (text: string): string => '*'.repeat(text.length)
