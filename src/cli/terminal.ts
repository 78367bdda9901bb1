import { isatty } from 'node:tty'
import { styleText } from 'node:util'

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
  /** True where a person sits at stdout. */
  readonly interactive: boolean
  /** Columns that fit on a line of stdout. */
  readonly width: number
}

/**
 * Colours are on at a terminal, off when piped or when NO_COLOR is set (https://no-color.org), and
 * on anywhere with FORCE_COLOR.
 */
export function createTerminal(): Terminal {
  const { stdout, env } = process
  const interactive = isatty(1)
  const wanted = env['FORCE_COLOR'] !== undefined || interactive
  return {
    print: (text) => void stdout.write(`${text}\n`),
    note: (text) => void process.stderr.write(`${text}\n`),
    colors: createColors(wanted && !env['NO_COLOR']),
    interactive,
    width: stdout.columns ?? 100,
  }
}

export const createColors = (on: boolean): Colors =>
  Object.fromEntries(
    styles.map((style) => [
      style,
      (text: string) => (on ? styleText(style, text, { validateStream: false }) : text),
    ]),
  ) as Colors
