/** Ask, call, feed back, until the model has answered or a limit is reached. */
import { AppError } from '../base/error.ts'
import type { Tab } from './bill/bill.ts'
import { promptTokens, toTokens } from './bill/cost.ts'
import { type Conversation, notMade, noteOf } from './conversation.ts'
import {
  type Expected,
  type LimitName,
  type Limits,
  type Plan,
  planTurn,
  type Spent,
} from './limits.ts'
import { isToolUse, type Reply, textOf, type Usage } from './messages.ts'
import type { Ending, Outcome } from './outcome.ts'
import { type Ask, AskFailure, type Provider } from './provider.ts'
import { askAgain, type RetryOptions } from './retry.ts'
import { type CallMeans, runCalls } from './run-calls.ts'
import { type RunTime, whileSilent } from './run-time.ts'

export interface LoopMeans extends CallMeans {
  readonly provider: Provider
  readonly system: string | undefined
  readonly outputSchema: Readonly<Record<string, unknown>> | undefined
  readonly limits: Limits
  readonly retry: RetryOptions
  /** Of this run alone. */
  readonly tab: Tab
  readonly expect: (conversation: Conversation) => Expected
  readonly today: () => string
}

export class Loop {
  readonly #means: LoopMeans
  readonly #conversation: Conversation
  readonly #time: RunTime
  /** A limit has cut an answer, and one more is to be had. */
  #cutBy: LimitName | undefined
  #turns = 0
  #text = ''
  /** Of answers that broke off: what they may have cost beyond what is known. */
  #atRisk = { cost: 0n, tokens: 0 }

  constructor(means: LoopMeans, conversation: Conversation, time: RunTime) {
    this.#means = means
    this.#conversation = conversation
    this.#time = time
  }

  async run(): Promise<Outcome> {
    const ending = await this.#untilEnd()
    const { read, messages } = this.#conversation
    const { bill } = this.#means.tab
    return { ...ending, text: this.#text, turns: this.#turns, bill, messages, read }
  }

  async #untilEnd(): Promise<Ending> {
    for (;;) {
      const plan = this.#plan()
      if (plan.kind === 'stop') return { status: 'limit', limit: plan.limit }
      const turn = await this.#turn(plan)
      if (turn !== 'goes_on') return turn
    }
  }

  #plan(turns = this.#turns): Plan {
    const { limits, tab, expect } = this.#means
    const { bill } = tab
    const { tokens } = bill
    const spent: Spent = {
      turns,
      tokens: promptTokens(tokens) + tokens.output + this.#atRisk.tokens,
      cost: bill.cost + this.#atRisk.cost,
      unpriced: bill.unpriced.length > 0,
    }
    const plan = planTurn(limits, spent, expect(this.#conversation))
    const limit = this.#cutBy ?? (this.#time.endsCalls.aborted ? 'time' : undefined)
    if (plan.kind !== 'go' || limit === undefined) return plan
    return { kind: 'last', maxTokens: plan.maxTokens, limit }
  }

  async #turn(plan: Exclude<Plan, { kind: 'stop' }>): Promise<Ending | 'goes_on'> {
    try {
      const reply = await this.#ask(plan)
      if (reply === 'too_late') return 'goes_on'
      this.#text = textOf(reply.content)
      this.#conversation.say(reply.content)
      const next = await this.#follow(reply, plan)
      if (next !== 'goes_on') this.#settle(reply)
      return next
    } catch (error) {
      if (this.#time.ends.aborted) return this.#ended()
      if (error instanceof AskFailure) return { status: 'failed', error: error.error }
      if (error instanceof AppError) return { status: 'failed', error }
      throw error
    }
  }

  async #ask(plan: Exclude<Plan, { kind: 'stop' }>): Promise<Reply | 'too_late'> {
    const { transcript, system, outputSchema, hub } = this.#means
    const last = plan.kind === 'last'
    const note = last ? noteOf(plan.limit) : undefined
    if (note !== undefined) this.#conversation.hear([note])
    this.#turns += 1
    const turn = this.#turns
    await transcript.write({ type: 'request', turn, last, note: note && textOf([note]) })
    const ask: Ask = {
      system,
      tools: hub.definitions,
      messages: this.#conversation.messages,
      maxTokens: plan.maxTokens,
      toolChoice: last ? 'none' : 'auto',
      outputSchema,
    }
    const reply = last
      ? await this.#askAgain(ask, this.#time.ends, () => {})
      : await this.#askInTime(ask)
    if (reply === 'too_late') return reply
    const day = this.#means.today()
    await transcript.write({ type: 'reply', turn, day, reply })
    this.#charge(day, reply)
    return reply
  }

  /** What may still lead to calls is given up when there is no time for them: what is left is for an answer. */
  async #askInTime(ask: Ask): Promise<Reply | 'too_late'> {
    const silent = whileSilent(this.#time)
    try {
      return await this.#askAgain(ask, silent.signal, (heard) =>
        heard ? silent.hear() : silent.fallSilent(),
      )
    } catch (error) {
      if (silent.late()) return 'too_late'
      throw error
    } finally {
      silent.stop()
    }
  }

  #askAgain(ask: Ask, signal: AbortSignal, isHeard: (heard: boolean) => void): Promise<Reply> {
    const { provider, onEvent, retry } = this.#means
    const onText = (text: string): void => {
      isHeard(true)
      onEvent({ type: 'text', text })
    }
    const attempt = {
      run: () => this.#attempt(ask, () => provider.ask(ask, { onText }, signal)),
      onRetry: (failure: AskFailure, waitMs: number) => {
        isHeard(false)
        return this.#onRetry(ask, failure, waitMs)
      },
    }
    return askAgain(attempt, retry, signal)
  }

  /** A request that fails is on record and on the bill as far as its price is known. */
  async #attempt(ask: Ask, run: () => Promise<Reply>): Promise<Reply> {
    try {
      return await run()
    } catch (error) {
      if (error instanceof AskFailure) await this.#broken(ask, error)
      throw error
    }
  }

  async #broken({ maxTokens }: Ask, { error, usage }: AskFailure): Promise<void> {
    const { provider, tab, transcript, today, expect } = this.#means
    const day = today()
    const { model } = provider
    const { code } = error
    await transcript.write({ type: 'broken', turn: this.#turns, day, model, code, usage })
    if (usage === undefined) return
    const { cost = 0n } = tab.add({ model, day, usage, brokenOff: true })
    const { prompt, atMost } = expect(this.#conversation)
    this.#atRisk.cost += atMost(prompt, maxTokens) - cost
    this.#atRisk.tokens += Math.max(0, prompt + maxTokens - promptTokens(toTokens(usage)))
  }

  /** @throws AskFailure where a limit leaves no room for the same request again */
  async #onRetry({ maxTokens }: Ask, failure: AskFailure, waitMs: number): Promise<void> {
    const plan = this.#plan(this.#turns - 1)
    if (plan.kind === 'stop' || plan.maxTokens < maxTokens) throw failure
    this.#means.onEvent({ type: 'retry', code: failure.error.code, waitMs })
  }

  #charge(day: string, { model, usage }: { model: string; usage: Usage }): void {
    const line = this.#means.tab.add({ model, day, usage })
    this.#means.onEvent({ type: 'turn', turn: this.#turns, line })
  }

  async #follow(reply: Reply, plan: Plan): Promise<Ending | 'goes_on'> {
    switch (reply.stop_reason) {
      case 'tool_use': {
        const uses = reply.content.filter(isToolUse)
        if (plan.kind === 'last') return { status: 'limit', limit: plan.limit }
        await runCalls(uses, this.#conversation, [this.#means, this.#time.endsCalls])
        return this.#time.ends.aborted ? this.#ended() : 'goes_on'
      }
      case 'pause_turn':
        return plan.kind === 'last' ? { status: 'limit', limit: plan.limit } : 'goes_on'
      case 'end_turn':
      case 'stop_sequence':
        return plan.kind === 'last'
          ? { status: 'limit', limit: plan.limit }
          : { status: 'answered' }
      case 'max_tokens':
        if (plan.kind !== 'go' || plan.shortBy === undefined) return { status: 'cut_off' }
        this.#cutBy = plan.shortBy
        this.#settle(reply)
        return 'goes_on'
      case 'refusal':
        return { status: 'refused' }
      case 'model_context_window_exceeded':
        return { status: 'context_full' }
      case null:
      default:
        return { status: 'unknown_stop', stopReason: reply.stop_reason }
    }
  }

  /** A call that was not made has its answer, too: without one the API takes no further question. */
  #settle({ content }: Reply): void {
    if (this.#conversation.messages.at(-1)?.role !== 'assistant') return
    this.#conversation.hear(content.filter(isToolUse).map(({ id }) => notMade(id)))
  }

  #ended(): Ending {
    const reason: unknown = this.#time.ends.reason
    const late = reason instanceof DOMException && reason.name === 'TimeoutError'
    return late ? { status: 'limit', limit: 'time' } : { status: 'cancelled' }
  }
}
