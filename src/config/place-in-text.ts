import type { Span } from './flaw.ts'

/** A text that is a value of a file. */
export interface TextInFile {
  readonly file: string
  /** Where the value stands in the file. */
  readonly value: Span
  readonly text: string
}

/**
 * Where in the file a part of the text stands. YAML indents and folds blanks, and changes no other character
 * of a block; in quotes with escapes before it the place is near.
 */
export function placeInText({ file, value, text }: TextInFile, part: Span): Span {
  const written = file.slice(...value)
  const [header = ''] = /^(?:[|>][^\n]*\n|["'])/.exec(written) ?? []
  const body = written.slice(header.length)
  const toFile = (offset: number): number => {
    const signs = text.slice(0, offset).replaceAll(/\s/g, '').length
    return value[0] + header.length + endOfSigns(body, signs)
  }
  // The first sign of the part, and the end of its last one.
  const start = toFile(part[0])
  const blanks = /^\s*/.exec(file.slice(start, value[1]))?.[0].length ?? 0
  return [start + blanks, Math.max(start + blanks, toFile(part[1]))]
}

/** Behind so many characters that are no blanks. */
function endOfSigns(text: string, signs: number): number {
  let at = 0
  for (let left = signs; left > 0 && at < text.length; at++) if (/\S/.test(text.charAt(at))) left--
  return at
}
