import { isatty } from 'node:tty'
import { createColors } from 'picocolors'

type Colors = ReturnType<typeof createColors>

/** Exit codes of every command. Documented in docs/cli.md. */
export const exitCode = { done: 0, failed: 1, usage: 2 } as const

/** Where a command writes. Given to commands so that tests can read what they print. */
export interface Terminal {
  /** The answer: stdout. */
  print(text: string): void
  /** Everything that is not the answer: stderr. */
  note(text: string): void
  /** Colours for stdout; each is the identity where colours are off. */
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
