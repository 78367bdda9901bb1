/** The words that begin as what was typed, whatever its case. */
export const prefixed = (words: readonly string[], typed: string): readonly string[] =>
  words.filter((word) => word.toLowerCase().startsWith(typed.toLowerCase()))
