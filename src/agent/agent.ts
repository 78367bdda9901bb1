import { AppError } from '../base/error.ts'
import { type AnthropicOptions, createAnthropicProvider } from './anthropic.ts'
import { Tab, toBillAnswer } from './bill/bill.ts'
import { type OwnPrice, priceOn, type PriceTable, withOwnPrices } from './bill/prices.ts'
import { toMoney } from './bill/money.ts'
import type { Conversation } from './conversation.ts'
import type { OnEvent } from './events.ts'
import { expect } from './expect.ts'
import { type Hub, openHub } from './hub/hub.ts'
import type { Pins } from './hub/listing.ts'
import type { Elicit } from './hub/open-client.ts'
import type { ServerSpec } from './hub/server-spec.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { Loop } from './loop.ts'
import { text } from './messages.ts'
import type { Outcome } from './outcome.ts'
import { type OutputCheck, toOutputCheck } from './output-shape.ts'
import type { Provider } from './provider.ts'
import { defaultRetry, type RetryOptions } from './retry.ts'
import { startRunTime } from './run-time.ts'
import { type Labels, noLabels } from './safety/labels.ts'
import { type Approve, Gate } from './safety/permit.ts'
import { type Entry, noTranscript, type Transcript } from './transcript/entry.ts'
import { openTranscript, readTranscript } from './transcript/file.ts'
import { replay } from './transcript/replay.ts'
import { resume } from './transcript/resume.ts'

/** A strong model, and one for volume. */
export const strongModel = 'claude-opus-5-5'
export const cheapModel = 'claude-haiku-5-5'

export interface AgentOptions {
  readonly servers: readonly ServerSpec[]
  /** Who is asked: a provider, or what the official SDK is to ask; without one `strongModel`. */
  readonly provider?: Provider | Partial<AnthropicOptions> | undefined
  readonly system?: string | undefined
  /** `maxUsd` as dollars, in a text where it must be exact. */
  readonly limits?:
    | (Partial<Omit<Limits, 'maxUsd'>> & { readonly maxUsd?: string | number | undefined })
    | undefined
  /** In place of the published ones, by model. */
  readonly prices?: Readonly<Record<string, OwnPrice>> | undefined
  /** Asks a person; without one, whatever needs a person is not done. */
  readonly approve?: Approve | undefined
  readonly elicit?: Elicit | undefined
  readonly onEvent?: OnEvent | undefined
  /** A file that every step is written to before it is done. */
  readonly transcript?: string | undefined
  /** Goes on where the run in the file of `transcript` ended. */
  readonly resume?: boolean | undefined
  /** JSON Schema of the answer; one that does not fit ends as `misshapen`. */
  readonly outputSchema?: Readonly<Record<string, unknown>> | undefined
  readonly pins?: Pins | undefined
  readonly connectMs?: number | undefined
  readonly resultCharacters?: number | undefined
  readonly retry?: Partial<RetryOptions> | undefined
  /** Ends the connecting; each question has a signal of its own. */
  readonly signal?: AbortSignal | undefined
}

export interface Agent {
  /** Servers and tools that are not used, each with the reason. */
  readonly hub: Hub
  readonly model: string
  /** One run: a question, and all that follows from it. The next one knows what was said before. */
  readonly ask: (prompt: string, options?: { readonly signal?: AbortSignal }) => Promise<Outcome>
  readonly close: () => Promise<void>
}

/** Connects to the servers; nothing is asked yet. */
export async function openAgent(options: AgentOptions): Promise<Agent> {
  const limits = toLimits(options)
  const table = withOwnPrices(options.prices ?? {})
  const provider = toProvider(options.provider)
  refuseUnpriced(provider.model, limits, table)
  const past = await pastOf(options)
  const misfit = await toOutputCheck(options.outputSchema)
  const transcript =
    options.transcript === undefined ? noTranscript : await openTranscript(options.transcript)
  const hub = await openHub(options.servers, options).catch(async (error: unknown) => {
    await transcript.close()
    throw error
  })
  const conversation = resume(past, labelsOf(hub, options.servers))
  return new OpenedAgent({
    options,
    limits,
    table,
    provider,
    hub,
    transcript,
    conversation,
    misfit,
  })
}

/** Connects, asks, hangs up. */
export async function runAgent(
  options: AgentOptions & { readonly prompt: string },
): Promise<Outcome> {
  const { prompt, signal } = options
  const agent = await openAgent(options)
  try {
    return await agent.ask(prompt, signal === undefined ? {} : { signal })
  } finally {
    await agent.close()
  }
}

interface Parts {
  readonly options: AgentOptions
  readonly limits: Limits
  readonly table: PriceTable
  readonly provider: Provider
  readonly hub: Hub
  readonly transcript: Transcript
  readonly conversation: Conversation
  readonly misfit: OutputCheck
}

class OpenedAgent implements Agent {
  readonly #parts: Parts
  readonly #gate: Gate
  #asked = false

  constructor(parts: Parts) {
    this.#parts = parts
    this.#gate = new Gate(parts.options.approve)
  }

  get hub(): Hub {
    return this.#parts.hub
  }

  get model(): string {
    return this.#parts.provider.model
  }

  async ask(prompt: string, options: { readonly signal?: AbortSignal } = {}): Promise<Outcome> {
    if (prompt.trim() === '') throw new AppError('invalid_input', 'There is no question.')
    if (this.#asked) throw stillAsked()
    this.#asked = true
    try {
      return await this.#run(prompt, options)
    } finally {
      this.#asked = false
    }
  }

  async #run(prompt: string, options: { readonly signal?: AbortSignal }): Promise<Outcome> {
    const { conversation, transcript, provider, limits } = this.#parts
    const message = { role: 'user', content: [text(prompt)] } as const
    const { read } = conversation
    await transcript.write({ type: 'run', version: 1, model: provider.model, read })
    await transcript.write({ type: 'message', message })
    conversation.hear(message.content)
    const time = startRunTime(limits.totalTimeoutMs, options.signal)
    const outcome = this.#shaped(await new Loop(this.#means(), conversation, time).run())
    const { usd } = toBillAnswer(outcome.bill)
    await transcript.write({ type: 'outcome', status: outcome.status, usd })
    return outcome
  }

  #shaped(outcome: Outcome): Outcome {
    const reason = outcome.status === 'answered' ? this.#parts.misfit(outcome.text) : undefined
    return reason === undefined ? outcome : { ...outcome, status: 'misshapen', reason }
  }

  async close(): Promise<void> {
    await this.#parts.hub.close()
    await this.#parts.transcript.close()
  }

  #means() {
    const { options, limits, table, provider, hub, transcript } = this.#parts
    const tab = new Tab(table)
    const system = systemOf(options.system, hub)
    return {
      provider,
      hub,
      transcript,
      limits,
      tab,
      system,
      gate: this.#gate,
      outputSchema: options.outputSchema,
      onEvent: options.onEvent ?? (() => {}),
      callTimeoutMs: limits.callTimeoutMs,
      retry: { ...defaultRetry, ...options.retry },
      today,
      expect: (conversation: Conversation) =>
        expect(conversation, {
          tab,
          table,
          model: provider.model,
          day: today(),
          prefix: { system, tools: hub.definitions },
          longCache: keepsLong(options.provider),
        }),
    }
  }
}

/** What is said goes into one conversation, in which one question follows the other. */
const stillAsked = (): AppError =>
  new AppError('invalid_input', 'The agent still answers the question before.', {
    hint: 'Wait for its end, or open another agent.',
  })

const keepsLong = (provider: AgentOptions['provider']): boolean =>
  provider !== undefined && 'cache' in provider && provider.cache === '1h'

const today = (): string => new Date().toISOString().slice(0, 10)

/** A timer that is to run longer runs off at once. */
const longestTimer = 2 ** 31 - 1

function toLimits({ limits = {} }: AgentOptions): Limits {
  const { maxUsd, ...others } = limits
  const given = Object.entries(others).filter(([, value]) => value !== undefined)
  const wrong = given.find(([name, value]) => {
    const most = name.endsWith('Ms') ? longestTimer : Number.MAX_SAFE_INTEGER
    return !Number.isInteger(value) || Number(value) < 1 || Number(value) > most
  })
  const money = maxUsd === undefined ? undefined : toMoney(maxUsd)
  if (wrong !== undefined || (maxUsd !== undefined && money === undefined)) {
    throw new AppError('invalid_input', `The limit ${wrong?.[0] ?? 'maxUsd'} is no such amount.`, {
      hint: 'Limits are whole numbers from 1, times at most 24 days; maxUsd is dollars, such as 0.50.',
    })
  }
  return { ...defaultLimits, ...Object.fromEntries(given), maxUsd: money }
}

const toProvider = (given: AgentOptions['provider'] = {}): Provider =>
  'ask' in given ? given : createAnthropicProvider({ model: strongModel, ...given })

/** Nobody can keep to a budget of which nobody knows what is left. */
function refuseUnpriced(model: string, { maxUsd }: Limits, table: PriceTable): void {
  if (maxUsd === undefined || priceOn(table, model, today()) !== undefined) return
  throw new AppError(
    'invalid_input',
    `The model ${model} has no known price, so no limit in dollars.`,
    {
      hint: 'Give its prices, or limit tokens and turns instead.',
    },
  )
}

/** @throws AppError `invalid_input` where the transcript tells of what the rules do not allow: somebody has changed it */
async function pastOf({ resume: wanted, transcript }: AgentOptions): Promise<readonly Entry[]> {
  if (wanted !== true || transcript === undefined) return []
  const entries = await readTranscript(transcript)
  const [flaw] = replay(entries).contradictions
  if (flaw === undefined) return entries
  throw new AppError('invalid_input', `The transcript does not follow from the rules: ${flaw}.`, {
    hint: 'vitrine transcript show tells what is in it; begin anew without --resume.',
  })
}

/** Definitions are read before anything else: those of a server that is not trusted are somebody's words. */
function labelsOf(hub: Hub, specs: readonly ServerSpec[]): Labels {
  const trusted = new Set(specs.filter((spec) => spec.trusted === true).map(({ name }) => name))
  return { ...noLabels, untrusted: hub.tools.some(({ server }) => !trusted.has(server)) }
}

function systemOf(system: string | undefined, hub: Hub): string | undefined {
  const parts = [system, ...hub.instructions].filter((part) => part !== undefined && part !== '')
  return parts.length === 0 ? undefined : parts.join('\n\n')
}
