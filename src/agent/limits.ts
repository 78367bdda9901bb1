/** May there be another request, and how long an answer? Pure; asked before each request. */
import type { Money } from './bill/money.ts'

export interface Limits {
  /** Requests to the model; one more is made for an answer with what there is. */
  readonly maxTurns: number
  /** All tokens, read and written, of all requests. */
  readonly maxTokens: number | undefined
  readonly maxUsd: Money | undefined
  /** Most tokens of one answer. */
  readonly maxOutputTokens: number
  readonly callTimeoutMs: number
  /** Of the whole run, people's answers included; the end of it is kept back for an answer with what there is. */
  readonly totalTimeoutMs: number
}

export const defaultLimits: Limits = {
  maxTurns: 30,
  maxTokens: undefined,
  maxUsd: undefined,
  maxOutputTokens: 16_000,
  callTimeoutMs: 120_000,
  totalTimeoutMs: 1_800_000,
}

export type LimitName = 'turns' | 'tokens' | 'usd' | 'time'

export interface Spent {
  readonly turns: number
  readonly tokens: number
  readonly cost: Money
  /** Something of it has no price, so nobody can say what is left. */
  readonly unpriced: boolean
}

export interface Expected {
  /** Tokens of the next prompt. */
  readonly prompt: number
  /** What a request would cost at most: nothing of it in the cache. */
  readonly atMost: (prompt: number, output: number) => Money
  /** The same where the cache still holds it. */
  readonly cached: (prompt: number, output: number) => Money
}

export type Plan =
  /** `shortBy`: the limit that makes its longest answer shorter than it might be. */
  | { readonly kind: 'go'; readonly maxTokens: number; readonly shortBy?: LimitName }
  | { readonly kind: 'last'; readonly maxTokens: number; readonly limit: LimitName }
  | { readonly kind: 'stop'; readonly limit: LimitName }

/** Shorter than this no answer says anything, and no call can be written. */
const shortestAnswer = 256
const shortestTurn = 1024
/** What a turn adds to the prompt of the last one. */
const usualGrowth = 4000

export function planTurn(limits: Limits, spent: Spent, expected: Expected): Plan {
  const room = Math.min(limits.maxOutputTokens, roomOf(limits, spent, expected, noReserve))
  if (spent.turns > limits.maxTurns) return { kind: 'stop', limit: 'turns' }
  if (room < Math.min(shortestAnswer, limits.maxOutputTokens)) {
    return { kind: 'stop', limit: tightest(limits, spent, expected) }
  }
  if (spent.turns === limits.maxTurns) return { kind: 'last', maxTokens: room, limit: 'turns' }
  const roomWithReserve = Math.min(room, roomOf(limits, spent, expected, reserveOf(expected)))
  if (roomWithReserve < Math.min(shortestTurn, limits.maxOutputTokens)) {
    return { kind: 'last', maxTokens: room, limit: tightest(limits, spent, expected) }
  }
  return roomWithReserve < limits.maxOutputTokens
    ? { kind: 'go', maxTokens: roomWithReserve, shortBy: tightest(limits, spent, expected) }
    : { kind: 'go', maxTokens: roomWithReserve }
}

interface Reserve {
  readonly tokens: number
  readonly cost: Money
}

const noReserve: Reserve = { tokens: 0, cost: 0n }

/** For the last turn, which is to be possible after this one. */
const reserveOf = ({ prompt, cached }: Expected): Reserve => ({
  tokens: prompt + usualGrowth + shortestTurn,
  cost: cached(prompt + usualGrowth, shortestTurn),
})

/** Tokens that the next answer may have. */
// oxlint-disable-next-line max-params -- three of the plan, and what is kept back
function roomOf(limits: Limits, spent: Spent, expected: Expected, reserve: Reserve): number {
  return Math.min(
    roomInTokens(limits, spent, expected) - reserve.tokens,
    roomInMoney(limits, spent, expected, reserve.cost),
  )
}

const roomInTokens = ({ maxTokens }: Limits, spent: Spent, { prompt }: Expected): number =>
  maxTokens === undefined ? Infinity : maxTokens - spent.tokens - prompt

// oxlint-disable-next-line max-params -- as above
function roomInMoney(
  { maxUsd }: Limits,
  { cost, unpriced }: Spent,
  { prompt, atMost }: Expected,
  reserve: Money,
): number {
  if (maxUsd === undefined) return Infinity
  const left = maxUsd - cost - reserve - atMost(prompt, 0)
  const thousand = atMost(prompt, 1000) - atMost(prompt, 0)
  if (unpriced || left < 0n) return 0
  return thousand === 0n ? Infinity : Number((left * 1000n) / thousand)
}

/** Which limit it is that leaves the least. */
const tightest = (limits: Limits, spent: Spent, expected: Expected): LimitName =>
  roomInTokens(limits, spent, expected) < roomInMoney(limits, spent, expected, 0n)
    ? 'tokens'
    : 'usd'
