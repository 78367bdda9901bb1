import type { LineCounter } from 'yaml'
import { excerpt } from './excerpt.ts'
import { type Flaw, type Path, toDots } from './flaw.ts'

/** Something wrong in a configuration file, as a person or a program reads it. */
export interface Mistake {
  readonly file: string
  /** Both counted from 1; null where it is about the file as a whole. */
  readonly line: number | null
  readonly column: number | null
  readonly path: Path
  readonly message: string
  /** Lines of the file with a caret, without what may be a password. */
  readonly excerpt: string
}

/** The file that mistakes are found in. */
export interface Located {
  readonly file: string
  readonly text: string
  readonly lines: LineCounter
}

/** The flaws as mistakes, in the order of the file. */
export function toMistakes(flaws: readonly Flaw[], { file, text, lines }: Located): Mistake[] {
  const shownLines = text.split(/\r?\n/)
  return flaws
    .toSorted((one, other) => one.span[0] - other.span[0])
    .map(({ path, span: [start, end], message }) => {
      // An empty file has counted no line.
      const { line, col: column } = text === '' ? { line: 1, col: 1 } : lines.linePos(start)
      const shown = excerpt(shownLines, { line, column, length: end - start })
      return { file, line, column, path, message, excerpt: shown }
    })
}

/** A mistake about a file as a whole. */
export const wholeFile = (file: string, message: string): Mistake => ({
  file,
  line: null,
  column: null,
  path: [],
  message,
  excerpt: '',
})

/** `vitrine.yaml:14:7  sources.shop.tabels: unknown key. Did you mean "tables"?` */
export function toLine({ file, line, column, path, message }: Mistake): string {
  const place = line === null ? file : `${file}:${line}:${column}`
  return `${place}  ${path.length === 0 ? message : `${toDots(path)}: ${message}`}`
}

/** All of them, each with its lines of the file. */
export function toReport(mistakes: readonly Mistake[]): string {
  const shown = mistakes
    .slice(0, mostShown)
    .map((one) => `${toLine(one)}\n${one.excerpt}`.trimEnd())
  const more = mistakes.length - shown.length
  return [...shown, ...(more > 0 ? [`and ${more} more.`] : [])].join('\n\n')
}

const mostShown = 50
