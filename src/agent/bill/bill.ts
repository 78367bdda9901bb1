import type { Usage } from '../messages.ts'
import { addTokens, costOf, noTokens, promptTokens, type Tokens, toTokens } from './cost.ts'
import { type Money, toDollars } from './money.ts'
import { type PriceTable, publishedPrices } from './prices.ts'

/** One request, as it is charged. */
export interface Charge {
  readonly model: string
  /** The day of the request, UTC: `2026-11-24`. */
  readonly day: string
  readonly usage: Usage
  /** The answer broke off: what the API charges for it may be more. */
  readonly brokenOff?: boolean
}

export interface BillLine extends Charge {
  /** Undefined: unpriced. */
  readonly cost: Money | undefined
}

export interface Bill {
  readonly lines: readonly BillLine[]
  readonly tokens: Tokens
  /** What is priced of it; with `unpriced` or `atLeast` the whole is more. */
  readonly cost: Money
  /** Models of requests that have no price, none twice. */
  readonly unpriced: readonly string[]
  readonly atLeast: boolean
}

/** What was asked of models, and what it costs. Lines are added and never changed. */
export class Tab {
  readonly #table: PriceTable
  readonly #lines: BillLine[] = []

  constructor(table: PriceTable = publishedPrices) {
    this.#table = table
  }

  add(charge: Charge): BillLine {
    const cost = costOf(charge.usage, charge.model, { table: this.#table, day: charge.day })
    const line = { ...charge, cost }
    this.#lines.push(line)
    return line
  }

  get bill(): Bill {
    const lines = [...this.#lines]
    const unpriced = lines.filter(({ cost }) => cost === undefined).map(({ model }) => model)
    return {
      lines,
      tokens: lines.map(({ usage }) => toTokens(usage)).reduce(addTokens, noTokens),
      cost: lines.reduce((sum, { cost }) => sum + (cost ?? 0n), 0n),
      unpriced: [...new Set(unpriced)],
      atLeast: lines.some(({ brokenOff }) => brokenOff === true),
    }
  }

  /** The last prompt, which the next one begins with. */
  get lastPromptTokens(): number {
    const last = this.#lines.findLast(({ brokenOff }) => brokenOff !== true)
    if (last === undefined) return 0
    return promptTokens(toTokens(last.usage)) + last.usage.output_tokens
  }
}

/** A bill as JSON: money as exact text, `null` where there is no price. */
export interface BillAnswer {
  readonly usd: string | null
  readonly at_least: boolean
  readonly unpriced: readonly string[]
  readonly tokens: Readonly<Record<string, number>>
  readonly turns: readonly {
    readonly model: string
    readonly usd: string | null
    readonly tokens: Readonly<Record<string, number>>
  }[]
}

export const toBillAnswer = ({ lines, tokens, cost, unpriced, atLeast }: Bill): BillAnswer => ({
  usd: unpriced.length > 0 ? null : toDollars(cost),
  at_least: atLeast,
  unpriced,
  tokens: toNames(tokens),
  turns: lines.map((line) => ({
    model: line.model,
    usd: line.cost === undefined ? null : toDollars(line.cost),
    tokens: toNames(toTokens(line.usage)),
  })),
})

const toNames = ({ input, write5m, write1h, read, output, searches }: Tokens) => ({
  input,
  cache_write_5m: write5m,
  cache_write_1h: write1h,
  cache_read: read,
  output,
  web_searches: searches,
})

export interface Comparison {
  readonly model: string
  /** Undefined: unpriced then. */
  readonly cost: Money | undefined
}

/**
 * The same tokens at the prices of other models, cheapest first. Other models count tokens somewhat
 * differently and may need more or fewer of them, so this compares prices and not results.
 */
export function compare(
  { lines }: Bill,
  models: readonly string[],
  table: PriceTable = publishedPrices,
): readonly Comparison[] {
  return models
    .map((model) => ({ model, cost: costWith(lines, model, table) }))
    .toSorted((one, other) => order(one.cost, other.cost))
}

function costWith(lines: readonly BillLine[], model: string, table: PriceTable): Money | undefined {
  const costs = lines.map(({ usage, day }) => costOf(usage, model, { table, day }))
  return costs.reduce<Money | undefined>(
    (sum, cost) => (sum === undefined || cost === undefined ? undefined : sum + cost),
    0n,
  )
}

function order(one: Money | undefined, other: Money | undefined): number {
  if (one === undefined || other === undefined) {
    return Number(one === undefined) - Number(other === undefined)
  }
  return one < other ? -1 : Number(one > other)
}
