import { type Entry, readTranscript, replay, toBillAnswer, withOwnPrices } from '../agent/index.ts'
import { toVisible } from '../base/visible.ts'
import { readPrices } from './agent-prices.ts'
import { counted } from '../base/counted.ts'
import { exitCode, type Terminal } from './terminal.ts'

export interface TranscriptFlags {
  readonly path: string
  readonly prices?: string
  readonly json?: boolean
}

/** Ends with 1 where the transcript tells of a call that the rules did not allow. */
export async function transcriptShow(
  { path, prices, json }: TranscriptFlags,
  terminal: Terminal,
): Promise<number> {
  const table = withOwnPrices(await readPrices(prices))
  const entries = await readTranscript(path)
  const { bill, decisions, calls, contradictions } = replay(entries, table)
  const told = toBillAnswer(bill)
  if (json === true) {
    terminal.print(JSON.stringify({ decisions, calls, contradictions, bill: told }))
  } else {
    for (const entry of entries) for (const line of linesOf(entry)) terminal.print(line)
    const cost = told.usd === null ? 'unpriced' : `${told.at_least ? 'at least ' : ''}$${told.usd}`
    const counts = [
      counted(bill.lines.length, 'request'),
      counted(decisions, 'decision'),
      counted(calls, 'call'),
    ]
    terminal.note(`${counts.join(', ')}: ${cost}`)
    for (const one of contradictions)
      terminal.note(toVisible(`Does not follow from the rules: ${one}.`))
  }
  return contradictions.length === 0 ? exitCode.done : exitCode.failed
}

/** Whoever wrote into the file, or into a result: one line stays one, and further ones are indented. */
function linesOf(entry: Entry): readonly string[] {
  if (entry.type === 'message') return indented(`> ${wordsIn(entry.message.content)}`)
  if (entry.type === 'reply') {
    const words = wordsIn(entry.reply.content)
    return words === '' ? [] : indented(words)
  }
  const line = lineOf(entry)
  return line === undefined ? [] : [toVisible(line)]
}

const indented = (words: string): readonly string[] =>
  words.split('\n').map((line, index) => `${index === 0 ? '' : '  '}${toVisible(line)}`)

function lineOf(entry: Exclude<Entry, { type: 'message' | 'reply' }>): string | undefined {
  switch (entry.type) {
    case 'run':
      return `— ${entry.model}`
    case 'broken':
      return `  broke off: ${entry.code}`
    case 'decision': {
      const { call, decision, approved } = entry
      const answer =
        approved === undefined ? '' : approved ? ', allowed by a person' : ', not allowed'
      const input = JSON.stringify(call.arguments)
      return `→ ${call.server} › ${call.tool} ${input} (${decision.rule}${answer})`
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
  content.flatMap(({ text }) => (typeof text === 'string' ? [text] : [])).join('\n')
