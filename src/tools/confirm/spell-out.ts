/**
 * Text that a person reads before they say yes: whatever cannot be seen, or changes how its neighbours
 * are seen, is spelled out as `\u{202e}`. Control and format characters, separators of lines, every blank
 * but the plain one, halves of characters, what is unassigned, and characters of no width.
 */
export const spellOut = (text: string): string =>
  text.replaceAll(unseen, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)

const unseen = /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu

/** The same for a text of several lines, which stay lines; a tab is a blank there. */
export const spellOutLines = (text: string): string[] =>
  text.split(/\r?\n/).map((line) => spellOut(line.replaceAll('\t', '  ')).trimEnd())
