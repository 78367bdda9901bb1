import type { Usage } from '../messages.ts'
import { type Money, picodollars } from './money.ts'
import { type Price, type PriceTable, priceOn, type Rates } from './prices.ts'

/** Tokens and searches of one request or of many, each kind for itself. */
export interface Tokens {
  readonly input: number
  readonly write5m: number
  readonly write1h: number
  readonly read: number
  readonly output: number
  readonly searches: number
}

export const noTokens: Tokens = {
  input: 0,
  write5m: 0,
  write1h: 0,
  read: 0,
  output: 0,
  searches: 0,
}

export function toTokens(usage: Usage): Tokens {
  const written = usage.cache_creation_input_tokens ?? 0
  const write1h = usage.cache_creation?.ephemeral_1h_input_tokens ?? 0
  return {
    input: usage.input_tokens,
    // What the API does not split is kept for five minutes, which is its default.
    write5m: Math.max(usage.cache_creation?.ephemeral_5m_input_tokens ?? 0, written - write1h),
    write1h,
    read: usage.cache_read_input_tokens ?? 0,
    output: usage.output_tokens,
    searches: usage.server_tool_use?.web_search_requests ?? 0,
  }
}

export const addTokens = (one: Tokens, other: Tokens): Tokens => ({
  input: one.input + other.input,
  write5m: one.write5m + other.write5m,
  write1h: one.write1h + other.write1h,
  read: one.read + other.read,
  output: one.output + other.output,
  searches: one.searches + other.searches,
})

/** All that was read, from wherever. */
export const promptTokens = ({ input, write5m, write1h, read }: Tokens): number =>
  input + write5m + write1h + read

/** $10 for a thousand. */
const perSearch: Money = picodollars / 100n

/**
 * What one request cost, exactly.
 * @returns undefined where it has no price: the model is unknown, or something about the request is
 */
export function costOf(
  usage: Usage,
  model: string,
  { table, day }: { readonly table: PriceTable; readonly day: string },
): Money | undefined {
  const price = priceOn(table, model, day)
  const surcharge = price && surchargeOf(usage, price)
  if (price === undefined || surcharge === undefined) return undefined
  const tokens = toTokens(usage)
  const [times, by] = surcharge
  const searches = BigInt(tokens.searches) * perSearch
  return (costOfTokens(tokens, ratesFor(tokens, price)) * times) / by + searches
}

const ratesFor = (tokens: Tokens, { tier, ...rates }: Price): Rates =>
  tier !== undefined && promptTokens(tokens) > tier.above ? tier.rates : rates

const costOfTokens = (tokens: Tokens, rates: Rates): Money =>
  BigInt(tokens.input) * rates.input +
  BigInt(tokens.write5m) * rates.write5m +
  BigInt(tokens.write1h) * rates.write1h +
  BigInt(tokens.read) * rates.read +
  BigInt(tokens.output) * rates.output

type Ratio = readonly [bigint, bigint]

/** What the whole is multiplied with; undefined for what nobody has told the price of. */
function surchargeOf(usage: Usage, { fast }: Price): Ratio | undefined {
  const parts = [tierOf(usage.service_tier), placeOf(usage.inference_geo), speedOf(usage, fast)]
  return parts.reduce<Ratio | undefined>(
    (whole, part) => whole && part && [whole[0] * part[0], whole[1] * part[1]],
    one,
  )
}

const one: Ratio = [1n, 1n]

const tierOf = (tier: string | null | undefined): Ratio | undefined => {
  if (tier === undefined || tier === null || tier === 'standard') return one
  return tier === 'batch' ? [1n, 2n] : undefined
}

const placeOf = (place: string | null | undefined): Ratio | undefined => {
  if (place === undefined || place === null || place === 'global' || place === 'not_available') {
    return one
  }
  return place === 'us' ? [11n, 10n] : undefined
}

function speedOf({ speed }: Usage, fast: bigint | undefined): Ratio | undefined {
  if (speed === undefined || speed === null || speed === 'standard') return one
  return speed === 'fast' && fast !== undefined ? [fast, 1n] : undefined
}
