import { isatty } from 'node:tty'
import { styleText } from 'node:util'
import { wrapLines } from './wrap.ts'

const styles = ['bold', 'dim', 'red', 'green', 'yellow', 'cyan'] as const

/** Wraps a text in a style, or gives it back as it is where colours are off. */
export type Colors = Readonly<Record<(typeof styles)[number], (text: string) => string>>

/** Exit codes of every command. Documented in docs/cli.md. */
export const exitCode = { done: 0, failed: 1, usage: 2 } as const

/** Receives the exit code of the command that ran. */
export type Done = (exitCode: number) => void

/** Where a command writes. Given to commands so that tests can read what they print. */
export interface Terminal {
  /** The answer: stdout. */
  print(text: string): void
  /** Everything that is not the answer: stderr. */
  note(text: string): void
  /** For what goes to stdout. */
  readonly colors: Colors
  /** For what goes to stderr. */
  readonly noteColors: Colors
  /** True where a person sits at stdout. */
  readonly interactive: boolean
  /** Columns that fit on a line of stdout; without end where it is no terminal. */
  readonly width: number
}

export function createTerminal(): Terminal {
  const { stdout, stderr, env } = process
  const noteWidth = widthOf(stderr, isatty(2), env)
  return {
    print: (text) => void stdout.write(`${text}\n`),
    note: (text) => void stderr.write(`${wrapLines(text, noteWidth)}\n`),
    colors: createColors(isColored(isatty(1), env)),
    noteColors: createColors(isColored(isatty(2), env)),
    interactive: isatty(1),
    width: widthOf(stdout, isatty(1), env),
  }
}

/**
 * Colours are on at a terminal, off when piped or when NO_COLOR is set (https://no-color.org), and
 * on anywhere with FORCE_COLOR, unless that says no.
 */
function isColored(interactive: boolean, env: NodeJS.ProcessEnv): boolean {
  if (env['NO_COLOR']) return false
  const forced = env['FORCE_COLOR']
  return forced === undefined ? interactive : !/^(?:0|false)$/i.test(forced)
}

/** What a person set, what the terminal says, or no end: a program that reads wants it whole. */
function widthOf(
  { columns }: { readonly columns?: number },
  interactive: boolean,
  env: NodeJS.ProcessEnv,
): number {
  const wanted = Number(env['COLUMNS'])
  if (Number.isInteger(wanted) && wanted > 0) return wanted
  return interactive ? columns || 80 : Number.POSITIVE_INFINITY
}

export const createColors = (on: boolean): Colors =>
  Object.fromEntries(
    styles.map((style) => [
      style,
      (text: string) => (on ? styleText(style, text, { validateStream: false }) : text),
    ]),
  ) as Colors
