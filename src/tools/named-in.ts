import { foldCase } from '../base/fold-case.ts'

/**
 * Tells whether the text may name something: as a word where the name is one, anywhere where it is
 * not. For hints only. The text is taken apart once, for a catalog may have many names to ask about.
 */
export function namesIn(text: string): (name: string) => boolean {
  const folded = foldCase(text)
  const words = new Set(folded.split(/[^\p{L}\p{N}_$]+/u))
  return (name) => (/\W/.test(name) ? folded.includes(foldCase(name)) : words.has(foldCase(name)))
}

/** The name as a part of a regular expression. */
export const toPattern = (name: string): string =>
  name.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
