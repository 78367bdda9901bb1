import { toVisibleLines } from '../base/visible.ts'
import type { Decision } from '../tools/call.ts'
import { personIsThere, readLine } from './read-line.ts'
import type { Terminal } from './terminal.ts'

type Confirm = (text: string) => Promise<Decision>

/** Asks whoever sits at the terminal; undefined where nobody does, and nobody has said yes beforehand. */
export function confirmer(terminal: Terminal, yes: boolean): Confirm | undefined {
  if (yes) return () => Promise.resolve('accepted')
  if (!personIsThere()) return undefined
  return async (text) => {
    terminal.note(toVisibleLines(text))
    return decide(await readLine('Type yes to do it: '))
  }
}

const decide = (line: string | undefined): Decision => {
  if (line === undefined) return 'cancelled'
  return line.trim().toLowerCase() === 'yes' ? 'accepted' : 'declined'
}
