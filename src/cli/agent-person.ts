/** A person at a terminal who is asked in the middle of a run. */
import { createInterface } from 'node:readline/promises'
import { isatty } from 'node:tty'
import type { ApprovalRequest, Approve } from '../agent/index.ts'
import { spellOut, spellOutLines } from '../tools/confirm/spell-out.ts'
import type { Terminal } from './terminal.ts'

/** Both of them: what asks is seen, and what answers is a hand and no file. */
export const personIsThere = (): boolean => isatty(0) && isatty(2)

/** Without a person at both ends: nobody, and so no. */
export function approverAt(terminal: Terminal): Approve | undefined {
  if (!personIsThere()) return undefined
  return async (request, signal) => {
    terminal.note(questionOf(request))
    return saysYes(signal)
  }
}

/** Sooner nobody has read what is asked: it was typed, or pasted, before. */
const soonestMs = 300

async function saysYes(signal: AbortSignal): Promise<boolean> {
  for (;;) {
    const asked = performance.now()
    const answer = await askLine('Allow this one call? [y/N] ', signal)
    if (!/^y(es)?$/i.test(answer.trim())) return false
    if (performance.now() - asked >= soonestMs) return true
  }
}

const reasons: Readonly<Record<string, string>> = {
  destructive: 'It may destroy something.',
  write_after_untrusted: 'It changes something, and the model has read text of others.',
  egress_of_sensitive:
    'It carries something out, and the model has read text of others and inside data.',
}

/**
 * The call whole, and nothing of it obeyed by the terminal. No text of it can pass for a line of ours: it is indented, and
 * blanks that no line is broken at are spelled out.
 */
export function questionOf({ server, tool, arguments: input, rule }: ApprovalRequest): string {
  const shown = spellOutLines(JSON.stringify(input, undefined, 2))
  return [
    '',
    `The model wants to call ${spellOut(tool)} of ${spellOut(server)}. ${reasons[rule] ?? ''}`,
    ...shown.map((line) => `  ${line}`),
  ].join('\n')
}

/** One line; empty where there is none: at Ctrl-D, at Ctrl-C, which everybody hears of, and with the signal. */
export async function askLine(question: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const ended = new AbortController()
  // The library leaves a question open whose input ends.
  lines.once('close', () => ended.abort())
  lines.once('SIGINT', () => {
    ended.abort()
    process.emit('SIGINT')
  })
  try {
    return await lines.question(question, { signal: AbortSignal.any([signal, ended.signal]) })
  } catch {
    return ''
  } finally {
    lines.close()
  }
}
