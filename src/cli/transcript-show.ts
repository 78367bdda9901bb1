import { type Entry, readTranscript, replay, toBillAnswer } from '../agent/index.ts'
import { toVisible, toVisibleLines } from '../base/visible.ts'
import { exitCode, type Terminal } from './terminal.ts'

export interface TranscriptFlags {
  readonly path: string
  readonly json?: boolean
}

/** Ends with 1 where the transcript tells of a call that the rules did not allow. */
export async function transcriptShow(
  { path, json }: TranscriptFlags,
  terminal: Terminal,
): Promise<number> {
  const entries = await readTranscript(path)
  const { bill, decisions, calls, contradictions } = replay(entries)
  const told = toBillAnswer(bill)
  if (json === true) {
    terminal.print(JSON.stringify({ decisions, calls, contradictions, bill: told }))
  } else {
    for (const entry of entries) {
      const line = lineOf(entry)
      if (line !== undefined) terminal.print(line)
    }
    const cost = told.usd === null ? 'unpriced' : `${told.at_least ? 'at least ' : ''}$${told.usd}`
    terminal.note(`${bill.lines.length} requests, ${decisions} decisions, ${calls} calls: ${cost}`)
    for (const one of contradictions)
      terminal.note(toVisible(`Does not follow from the rules: ${one}.`))
  }
  return contradictions.length === 0 ? exitCode.done : exitCode.failed
}

function lineOf(entry: Entry): string | undefined {
  switch (entry.type) {
    case 'run':
      return `— ${toVisible(entry.model)}`
    case 'message':
      return `> ${wordsIn(entry.message.content)}`
    case 'reply': {
      const words = wordsIn(entry.reply.content)
      return words === '' ? undefined : words
    }
    case 'broken':
      return `  broke off: ${entry.code}`
    case 'decision': {
      const { call, decision, approved } = entry
      const answer =
        approved === undefined ? '' : approved ? ', allowed by a person' : ', not allowed'
      const input = toVisible(JSON.stringify(call.arguments))
      return `→ ${toVisible(`${call.server} › ${call.tool}`)} ${input} (${decision.rule}${answer})`
    }
    case 'result':
      return `← ${entry.isError ? 'error, ' : ''}${entry.ms} ms: ${wordsIn(entry.content).slice(0, 200)}`
    case 'outcome':
      return `= ${entry.status}`
    case 'request':
    case 'call':
      return undefined
  }
}

const wordsIn = (content: readonly { readonly type: string; readonly text?: unknown }[]): string =>
  toVisibleLines(content.flatMap(({ text }) => (typeof text === 'string' ? [text] : [])).join('\n'))
