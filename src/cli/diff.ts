import { structuredPatch } from 'diff'
import type { Colors } from './terminal.ts'

export interface Difference {
  readonly path: string
  readonly before: string
  readonly after: string
}

/** What changes in a file, line by line, with a few lines around. */
export function formatDiff({ path, before, after }: Difference, colors: Colors): string {
  const { hunks } = structuredPatch(path, path, before, after, '', '', { context: 2 })
  const lines = hunks.flatMap((hunk) => hunk.lines).filter((line) => !line.startsWith('\\'))
  return [colors.bold(path), ...lines.map((line) => paint(line.replace('\r', ''), colors))].join(
    '\n',
  )
}

function paint(line: string, colors: Colors): string {
  if (line.startsWith('+')) return colors.green(line)
  if (line.startsWith('-')) return colors.red(line)
  return colors.dim(line)
}
