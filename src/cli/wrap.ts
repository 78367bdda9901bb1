import { measure } from './text-width.ts'

/** Lines of whole words, those after the first indented. A word that is too long stays whole. */
export function wrap(text: string, width: number, indent = ''): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? ''
    const isFirst = lines.length === 1 && line === ''
    const longer = isFirst ? word : `${line} ${word}`
    if (isFirst || measure(longer, width + 1) <= width) lines[lines.length - 1] = longer
    else lines.push(indent + word)
  }
  return lines
}

/** The same for a text of several lines, each indented as it is and four blanks more. */
export const wrapLines = (text: string, width: number): string =>
  text
    .split('\n')
    .flatMap((line) => wrapLine(line, width))
    .join('\n')

function wrapLine(line: string, width: number): string[] {
  const indent = /^ */.exec(line)?.[0] ?? ''
  return wrap(line.slice(indent.length), width - indent.length, '    ').map((one) => indent + one)
}
