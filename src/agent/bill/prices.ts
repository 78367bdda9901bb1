/**
 * What models cost, in US dollars per million tokens, as published and looked at on `pricesOf`. A model
 * stands here under its whole name or is unpriced: a name that begins alike is another model. Where the API answers with
 * the day of a model behind its name, both stand here.
 */
import { AppError } from '../../base/error.ts'
import { type Money, toMoney } from './money.ts'

/** The day on which the table was last held against what is published. */
export const pricesOf = '2026-11-24'

/** Picodollars per token. */
export interface Rates {
  readonly input: Money
  readonly output: Money
  readonly write5m: Money
  readonly write1h: Money
  readonly read: Money
}

export interface Price extends Rates {
  /** From that day on, as `2026-10-07`. */
  readonly from: string
  /** Other rates for the whole of a request whose prompt has more tokens than `above`. */
  readonly tier?: { readonly above: number; readonly rates: Rates }
  /** Times this in fast mode, where the model has one. */
  readonly fast?: bigint
}

export type PriceTable = ReadonlyMap<string, readonly Price[]>

/** Prices of one model as a person writes them, dollars per million tokens. */
export interface OwnPrice {
  readonly input: string | number
  readonly output: string | number
  /** Without one: 1.25 times the input for five minutes, twice the input for an hour, a tenth for reading. */
  readonly cache_write_5m?: string | number
  readonly cache_write_1h?: string | number
  readonly cache_read?: string | number
}

/** Input, output, five-minute write, one-hour write, read. */
type Row = readonly [string, string, string, string, string]

const rates = ([input, output, write5m, write1h, read]: Row): Rates => ({
  input: perToken(input),
  output: perToken(output),
  write5m: perToken(write5m),
  write1h: perToken(write1h),
  read: perToken(read),
})

/** Dollars per million tokens are microdollars per token. */
const perToken = (perMillion: string | number): Money => {
  const money = toMoney(perMillion)
  if (money === undefined || money % 1_000_000n !== 0n) {
    throw new AppError('invalid_input', `${perMillion} is no price per million tokens.`, {
      hint: 'Write dollars with at most six digits behind the point, such as 2.50.',
    })
  }
  return money / 1_000_000n
}

const price = (from: string, row: Row, more: Partial<Price> = {}): Price => ({
  from,
  ...rates(row),
  ...more,
})

const opus: Row = ['5', '25', '6.25', '10', '0.50']
const sonnet4: Row = ['3', '15', '3.75', '6', '0.30']
const haiku4: Row = ['1', '5', '1.25', '2', '0.10']
const always = '2000-01-01'

export const publishedPrices: PriceTable = new Map<string, readonly Price[]>([
  ['claude-opus-5-5', [price('2026-09-22', ['4', '20', '5', '8', '0.20'], { fast: 2n })]],
  [
    'claude-sonnet-5-5',
    [
      price('2026-10-07', ['2', '10', '2.5', '4', '0.10']),
      price('2026-09-28', ['2', '10', '2.5', '4', '0.20']),
    ],
  ],
  [
    'claude-haiku-5-5',
    [
      price('2026-10-07', ['0.10', '0.50', '0.125', '0.20', '0.01'], {
        tier: { above: 100_000, rates: rates(['0.50', '2.50', '0.625', '1.00', '0.05']) },
      }),
    ],
  ],
  ['claude-fable-5-2', [price('2026-11-09', ['8', '40', '10', '16', '0.20'], { fast: 2n })]],
  ['claude-fable-5-1', [price('2026-09-01', ['10', '50', '12.5', '20', '0.25'])]],
  ['claude-opus-5', [price(always, opus)]],
  ['claude-opus-4-8', [price(always, opus)]],
  ['claude-opus-4-7', [price(always, opus)]],
  ['claude-opus-4-6', [price(always, opus)]],
  ['claude-opus-4-5', [price(always, opus)]],
  ['claude-opus-4-5-20251101', [price(always, opus)]],
  ['claude-sonnet-5', [price(always, ['2', '10', '2.5', '4', '0.20'])]],
  ['claude-sonnet-4-6', [price(always, sonnet4)]],
  ['claude-sonnet-4-5', [price(always, sonnet4)]],
  ['claude-sonnet-4-5-20250929', [price(always, sonnet4)]],
  ['claude-haiku-4-5', [price(always, haiku4)]],
  ['claude-haiku-4-5-20251001', [price(always, haiku4)]],
])

/** The published prices with somebody's own in their place, whatever the day. */
export function withOwnPrices(own: Readonly<Record<string, OwnPrice>>): PriceTable {
  const table = new Map(publishedPrices)
  for (const [model, written] of Object.entries(own)) table.set(model, [toPrice(written)])
  return table
}

function toPrice({ input, output, ...cache }: OwnPrice): Price {
  const perInput = perToken(input)
  const or = (written: string | number | undefined, usual: Money): Money =>
    written === undefined ? usual : perToken(written)
  return {
    from: always,
    input: perInput,
    output: perToken(output),
    write5m: or(cache.cache_write_5m, (perInput * 5n) / 4n),
    write1h: or(cache.cache_write_1h, perInput * 2n),
    read: or(cache.cache_read, perInput / 10n),
  }
}

/** What held on that day; undefined where the model, or its price then, is not known. */
export const priceOn = (table: PriceTable, model: string, day: string): Price | undefined =>
  table.get(model)?.find(({ from }) => from <= day)
