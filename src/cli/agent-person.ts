/** A person at a terminal who is asked in the middle of a run. */
import type { AgentOptions, ApprovalRequest, Approve } from '../agent/index.ts'
import { shorten } from '../base/shorten.ts'
import { spellOut, spellOutLines } from '../tools/confirm/spell-out.ts'
import type { AgentVoice } from './agent-voice.ts'
import { elicitorAt } from './elicit.ts'
import { personIsThere, readLine } from './read-line.ts'
import type { Terminal } from './terminal.ts'

/** Who says yes and no, and answers servers, one question at a time; without a person at both ends nobody. */
export function personAt(
  terminal: Terminal,
  voice: AgentVoice,
): Pick<AgentOptions, 'approve' | 'elicit'> {
  if (!personIsThere()) return {}
  const [approve, elicit] = [approverAt(terminal), elicitorAt(terminal)]
  return {
    approve: (request, signal) => voice.silentFor(() => approve(request, signal)),
    elicit: (asked, signal) => voice.silentFor(() => elicit(asked, signal)),
  }
}

const approverAt =
  (terminal: Terminal): Approve =>
  async (request, signal) => {
    terminal.note(questionOf(request))
    return saysYes(signal)
  }

/** Sooner nobody has read what is asked: it was typed, or pasted, before. */
const soonestMs = 300

async function saysYes(signal: AbortSignal): Promise<boolean> {
  for (;;) {
    const asked = performance.now()
    const answer = await readLine('Allow this one call? [y/N] ', signal)
    if (!/^y(es)?$/i.test(answer?.trim() ?? '')) return false
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
    `The model wants to call ${nameOf(tool)} of ${nameOf(server)}. ${reasons[rule] ?? ''}`,
    ...shown.map((line) => `  ${line}`),
  ].join('\n')
}

const longestName = 128

/** A server may call its tool by a whole sentence: what is more than a name stands in quotes. */
const nameOf = (name: string): string =>
  /^[\w./:-]+$/.test(name) && name.length <= longestName
    ? name
    : JSON.stringify(spellOut(shorten(name, longestName)))
