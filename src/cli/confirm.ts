import { createInterface } from 'node:readline/promises'
import { isatty } from 'node:tty'
import type { Decision } from '../tools/call.ts'
import type { Terminal } from './terminal.ts'
import { toVisibleLines } from '../base/visible.ts'

type Confirm = (text: string) => Promise<Decision>

/** Asks whoever sits at the terminal; undefined where nobody does, and nobody has said yes beforehand. */
export function confirmer(terminal: Terminal, yes: boolean): Confirm | undefined {
  if (yes) return () => Promise.resolve('accepted')
  if (!isatty(0) || !isatty(2)) return undefined
  return async (text) => {
    terminal.note(toVisibleLines(text))
    return decide(await readLine('Type yes to do it: '))
  }
}

const decide = (line: string | undefined): Decision => {
  if (line === undefined) return 'cancelled'
  return line.trim().toLowerCase() === 'yes' ? 'accepted' : 'declined'
}

/** Undefined where the terminal is closed, or Ctrl-C comes, before a line does. */
async function readLine(prompt: string): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const closed = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)))
  try {
    return await Promise.race([lines.question(prompt), closed])
  } finally {
    lines.close()
  }
}
