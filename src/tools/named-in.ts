import { foldCase } from '../base/fold-case.ts'

/** True where the text may name it: as a word where the name is one, anywhere where it is not. For hints only. */
export function isNamedIn(text: string, name: string): boolean {
  const words = foldCase(text).split(/[^\p{L}\p{N}_$]+/u)
  return /\W/.test(name) ? foldCase(text).includes(foldCase(name)) : words.includes(foldCase(name))
}

/** The name as a part of a regular expression. */
export const toPattern = (name: string): string =>
  name.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
