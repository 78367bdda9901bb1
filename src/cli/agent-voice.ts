import {
  type AgentEvent,
  type Bill,
  compare,
  type Outcome,
  type OwnPrice,
  type PriceTable,
  publishedPrices,
  type SetAside,
  toBillAnswer,
  toDollars,
  withOwnPrices,
} from '../agent/index.ts'
import { shorten } from '../base/shorten.ts'
import { toVisible, toVisibleLines } from '../base/visible.ts'
import { counted } from '../base/counted.ts'
import { createStatusLine } from './progress.ts'
import type { Terminal } from './terminal.ts'

/** How a run is told to a person: the answer as it comes on stdout, all else on stderr. */
export class AgentVoice {
  readonly #terminal: Terminal
  readonly #quiet: boolean
  readonly #names = new Map<string, string>()
  readonly #status = createStatusLine()
  /** What happened while a person was asked; undefined while nobody is. */
  #held: AgentEvent[] | undefined
  #asking: Promise<unknown> = Promise.resolve()
  #midLine = false
  readonly #prices: PriceTable

  /** @param prices what a person states models to cost */
  constructor(terminal: Terminal, quiet: boolean, prices: Readonly<Record<string, OwnPrice>> = {}) {
    this.#terminal = terminal
    this.#quiet = quiet
    this.#prices = withOwnPrices(prices)
  }

  /**
   * One question after the other, and nothing is told meanwhile: what a server says of itself then could
   * pass for a part of the question.
   */
  silentFor<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const answer = this.#asking.then(async () => {
      this.#endLine()
      this.#held ??= []
      try {
        return await ask()
      } finally {
        const held = this.#held
        this.#held = undefined
        for (const event of held) this.hear(event)
      }
    })
    this.#asking = answer.catch(() => {})
    return answer
  }

  hear(event: AgentEvent): void {
    if (this.#quiet) return
    if (this.#held !== undefined) {
      if (event.type !== 'progress') this.#held.push(event)
      return
    }
    switch (event.type) {
      case 'text':
        return this.#stream(event.text)
      case 'retry':
        return this.#note(
          `The answer broke off (${event.code}); again in ${seconds(event.waitMs)}.`,
        )
      case 'call': {
        const name = toVisible(`${event.server} › ${shorten(event.tool, longestName)}`)
        this.#names.set(event.id, name)
        const refused = event.decision.verdict === 'deny' || event.approved === false
        const input = shorten(toVisible(JSON.stringify(event.arguments)), longestShown)
        return this.#note(`→ ${name} ${input}${refused ? ' (not allowed)' : ''}`)
      }
      case 'progress':
        return this.#progress(event)
      case 'result': {
        const size = JSON.stringify(event.content).length
        const what = event.isError ? 'error' : (rowsIn(event.content) ?? `${size} characters`)
        return this.#note(`← ${this.#names.get(event.id) ?? 'call'}: ${what}, ${seconds(event.ms)}`)
      }
      case 'turn':
    }
  }

  /** What could not be used, which matters however quiet it is to be. */
  setAside(all: readonly SetAside[]): void {
    for (const { server, tool, reason } of all) {
      const what = tool === undefined ? server : `${server} › ${shorten(tool, longestName)}`
      this.#terminal.note(toVisible(`Not used: ${what}: ${reason}`))
    }
  }

  /** The answer where nobody watched it come, how the run ended where that says something, and the bill. */
  end(outcome: Outcome): void {
    const streamed = this.#terminal.interactive && !this.#quiet
    this.#endLine()
    if (!streamed && outcome.text !== '') this.#terminal.print(toAnswer(outcome.text))
    const how = endingOf(outcome)
    if (how !== undefined) this.#terminal.note(how)
    if (!this.#quiet) for (const line of billLines(outcome.bill, this.#prices)) this.#note(line)
  }

  /** Only a person watches; whoever reads a pipe gets the answer whole, and once. */
  #stream(text: string): void {
    if (!this.#terminal.interactive || text === '') return
    this.#status.end()
    process.stdout.write(toAnswer(text))
    this.#midLine = !text.endsWith('\n')
  }

  /** At a terminal alone, in a line that is gone with the next one: servers tell it often. */
  #progress({ id, progress, total, message }: AgentEvent & { type: 'progress' }): void {
    if (this.#midLine) this.#endLine()
    const name = this.#names.get(id) ?? 'call'
    const share =
      total !== undefined && total > 0 ? Math.min(1, Math.max(0, progress / total)) : undefined
    const so = share === undefined ? String(progress) : ''
    this.#status.show([name, so, toVisible(message ?? '')].filter(Boolean), { share })
  }

  #note(text: string): void {
    this.#endLine()
    this.#terminal.note(this.#terminal.noteColors.dim(text))
  }

  #endLine(): void {
    this.#status.end()
    if (this.#midLine) process.stdout.write('\n')
    this.#midLine = false
  }
}

/** A tab of an answer is no harm, and in code it is meant. */
const toAnswer = (text: string): string => text.split('\t').map(toVisibleLines).join('\t')

const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 1000 ? 2 : 1)} s`

const longestShown = 200
const longestName = 128

/** Vitrine's own answers count their rows. */
function rowsIn(content: readonly object[]): string | undefined {
  const [, count] = /\\?"row_count\\?":(\d+)/.exec(JSON.stringify(content)) ?? []
  return count === undefined ? undefined : counted(Number(count), 'row')
}

function endingOf(outcome: Outcome): string | undefined {
  switch (outcome.status) {
    case 'answered':
      return undefined
    case 'limit':
      return `The limit of ${outcome.limit} was reached.`
    case 'cut_off':
      return 'The answer was cut at its longest.'
    case 'refused':
      return 'The model would not answer.'
    case 'context_full':
      return 'There is more to read than the model can: ask a narrower question.'
    case 'unknown_stop':
      return `The model stopped for a reason that is not known here: ${toVisible(String(outcome.stopReason))}.`
    case 'misshapen':
      return `The answer is not in the shape that was asked for: ${toVisible(outcome.reason)}.`
    case 'cancelled':
      return 'Cancelled.'
    case 'failed':
      return toVisibleLines(
        `${outcome.error.code}: ${outcome.error.message}\n  ${outcome.error.hint}`,
      )
  }
}

/** What it cost, and what the same tokens cost elsewhere. */
function billLines(bill: Bill, prices: PriceTable): readonly string[] {
  if (bill.lines.length === 0) return []
  const { input, read, write5m, write1h, output } = bill.tokens
  const prompt = input + read + write5m + write1h
  const cached = prompt === 0 ? 0 : Math.round((read * 100) / prompt)
  const { usd, at_least } = toBillAnswer(bill)
  const cost =
    usd === null ? `unpriced: ${bill.unpriced.join(', ')}` : `${at_least ? 'at least ' : ''}$${usd}`
  const turns = counted(bill.lines.length, 'request')
  const tokens = `${prompt} tokens in (${cached} % from the cache), ${output} out`
  const used = new Set(bill.lines.map(({ model }) => model))
  const others = compare(
    bill,
    comparedModels.filter((model) => !used.has(model)),
    prices,
  ).flatMap(({ model, cost: price }) =>
    price === undefined ? [] : [`${model} $${toDollars(price)}`],
  )
  const first = `${turns}, ${tokens}: ${cost}`
  return prompt + output === 0
    ? [first]
    : [first, `The same tokens elsewhere: ${others.join(', ')}`]
}

const comparedModels = [...publishedPrices.keys()].filter((model) => /-5-\d$/.test(model))
