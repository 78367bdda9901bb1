import { RateLimiterRes } from 'rate-limiter-flexible'
import type { Reply } from '../../tools/call.ts'
import type { LimitsOptions, Rate } from './options.ts'
import { callsUsedUp, dayUsedUp, slotsTaken, storeGone } from './refusals.ts'
import type { Counter, Leave, Slots, Store } from './store.ts'

const daySeconds = 86_400

/** All limits of a server, each with its own counter. */
export class Meters {
  readonly #calls: Rule | undefined
  readonly #callsOfTool: ReadonlyMap<string, Rule>
  readonly #slots: Slots | undefined
  readonly #rows: Budget | undefined
  readonly #bytes: Budget | undefined

  constructor(options: LimitsOptions, store: Store) {
    const { perActor, perTool, concurrent, dailyRows, dailyBytes } = options
    this.#calls = perActor && toRule(perActor, 'calls', store)
    this.#callsOfTool = new Map(
      Object.entries(perTool).map(([tool, rate]) => [
        tool,
        toRule(rate, `calls of ${tool}`, store),
      ]),
    )
    this.#slots = concurrent === undefined ? undefined : store.slots(concurrent)
    this.#rows = toBudget(dailyRows, 'rows', store)
    this.#bytes = toBudget(dailyBytes, 'bytes', store)
  }

  /**
   * Counts a call, and takes a slot that `Leave` gives back.
   *
   * @throws AppError `rate_limited`, which names the limit and says when to come back.
   */
  async enter(who: string, tool: string): Promise<Leave> {
    // Asked at once: a store on the network is waited for a single time.
    await Promise.all([
      count(this.#calls, who),
      count(this.#callsOfTool.get(tool), who),
      look(this.#rows, who),
      look(this.#bytes, who),
    ])
    if (this.#slots === undefined) return nothingTaken
    const leave = await this.#slots.take(who).catch((cause: unknown) => {
      throw storeGone(cause)
    })
    if (leave === undefined) throw slotsTaken(this.#slots.most)
    return leave
  }

  /**
   * Charges what was answered. The answer is given even where the store cannot take that down: the
   * next call will find the store gone.
   */
  async charge(who: string, { answer, text }: Reply): Promise<void> {
    const { row_count: rows } = answer
    await Promise.all([
      spend(this.#rows, who, typeof rows === 'number' ? rows : 0),
      spend(this.#bytes, who, Buffer.byteLength(text)),
    ])
  }
}

const nothingTaken: Leave = async () => undefined

interface Rule {
  readonly rate: Rate
  /** What is counted, in words. */
  readonly what: string
  readonly counter: Counter
}

interface Budget {
  readonly most: number
  readonly what: 'rows' | 'bytes'
  readonly counter: Counter
}

function toRule(rate: Rate, what: string, store: Store): Rule {
  const name = what.replaceAll(' ', '-')
  return { rate, what, counter: store.counter(name, rate.calls, rate.seconds) }
}

function toBudget(
  most: number | undefined,
  what: Budget['what'],
  store: Store,
): Budget | undefined {
  if (most === undefined) return undefined
  return { most, what, counter: store.counter(what, most, daySeconds) }
}

async function count(rule: Rule | undefined, who: string): Promise<void> {
  if (rule === undefined) return
  try {
    await rule.counter.consume(who)
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw storeGone(refusal)
    throw callsUsedUp(rule.rate, rule.what, refusal.msBeforeNext)
  }
}

async function look(budget: Budget | undefined, who: string): Promise<void> {
  if (budget === undefined) return
  const { counter, most, what } = budget
  const spent = await counter.get(who).catch((cause: unknown) => {
    throw storeGone(cause)
  })
  if (spent !== null && spent.consumedPoints >= most) {
    throw dayUsedUp(most, what, spent.msBeforeNext)
  }
}

async function spend(budget: Budget | undefined, who: string, amount: number): Promise<void> {
  if (budget === undefined || amount === 0) return
  await budget.counter.penalty(who, amount).catch(() => undefined)
}
